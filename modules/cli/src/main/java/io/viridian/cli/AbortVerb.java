package io.viridian.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Asks to give up before the switch. */
@Command(description = "Before the switch: stop, and remove everything of Viridian from blue and green.")
final class AbortVerb implements Callable<Integer> {
    private final Surroundings around;

    @Mixin
    private final SwitchOptions options = new SwitchOptions();

    AbortVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() throws InterruptedException {
        return options.ask(
                around,
                "abort",
                Map.of(),
                "The abort ends the migration: blue keeps the writes, the copy on green is no longer fed.");
    }
}
