package io.viridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The state, once. */
@Command(description = "Show where the migration stands and what to do next.")
final class StatusVerb implements Callable<Integer> {
    private final Surroundings around;

    @Mixin
    private final DaemonOptions daemon = new DaemonOptions();

    @Mixin
    private final OutputOption output = new OutputOption();

    StatusVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (DaemonClient client = daemon.client(around)) {
            JsonNode status = client.read("").json();
            output.print(
                    around, status, () -> StatusText.of(status, around.clock().now(), Paint.in(around)));
            return ExitCode.OK.number();
        }
    }
}
