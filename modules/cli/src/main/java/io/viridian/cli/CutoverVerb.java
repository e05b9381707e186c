package io.viridian.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Asks for the switch to green. */
@Command(
        description = {
            "Switch the writes from blue to green.",
            "Exit code with --wait: 0 switched, 3 a gate refused, 11 undone automatically, 10 outcome unknown."
        })
final class CutoverVerb implements Callable<Integer> {
    private final Surroundings around;

    @Option(
            names = "--plan",
            paramLabel = "HASH",
            description = "Only if the plan is still this one; `viridian plan cutover` shows it.")
    private String plan = "";

    @Mixin
    private final SwitchOptions options = new SwitchOptions();

    CutoverVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() throws InterruptedException {
        return options.ask(
                around,
                "cutover",
                Map.of("plan", plan),
                "The cutover pauses writes for a moment and then lets them go to green.");
    }
}
