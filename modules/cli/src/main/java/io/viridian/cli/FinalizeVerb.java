package io.viridian.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Asks to end the way back. */
@Command(
        description =
                "After the switch: end the reverse stream and remove everything of Viridian; rollback becomes impossible.")
final class FinalizeVerb implements Callable<Integer> {
    private final Surroundings around;

    @Option(
            names = "--plan",
            paramLabel = "HASH",
            description = "Only if the plan is still this one; `viridian plan finalize` shows it.")
    private String plan = "";

    @Mixin
    private final SwitchOptions options = new SwitchOptions();

    FinalizeVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() throws InterruptedException {
        return options.askByName(
                around, "finalize", Map.of("plan", plan), "Finalizing ends the way back: rollback becomes impossible.");
    }
}
