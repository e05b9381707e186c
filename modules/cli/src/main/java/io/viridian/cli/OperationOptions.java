package io.viridian.cli;

import io.viridian.daemon.LocalCommands.Invocation;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What all verbs share that ask the daemon to do something. */
final class OperationOptions {
    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept with the operation.")
    private String reason = "";

    @Mixin
    private final WaitOptions waiting = new WaitOptions();

    @Mixin
    private final DaemonOptions daemon = new DaemonOptions();

    @Mixin
    private final OutputOption output = new OutputOption();

    DaemonClient client(Surroundings around) {
        return daemon.client(around);
    }

    int ask(
            Surroundings around,
            DaemonClient client,
            String type,
            Map<String, String> parameters,
            Optional<String> etag)
            throws InterruptedException {
        return new Asking(around, client).ask(new Asking.Request(type, reason, parameters, etag), waiting, output);
    }

    /** The same, waiting for the end whether that was asked for or not. */
    int askAndWait(
            Surroundings around,
            DaemonClient client,
            String type,
            Map<String, String> parameters,
            Optional<String> etag)
            throws InterruptedException {
        return new Asking(around, client)
                .ask(new Asking.Request(type, reason, parameters, etag), waiting.always(), output);
    }

    /** For a verb that works in this process. */
    Invocation invocation(Surroundings around) {
        return new Invocation(daemon.configuration().sources(around), output.json(), around.out(), around.err());
    }
}
