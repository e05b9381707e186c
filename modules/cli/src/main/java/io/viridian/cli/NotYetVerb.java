package io.viridian.cli;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** A verb that the contract names and nothing stands behind: it takes anything and says so. */
@Command
final class NotYetVerb implements Callable<Integer> {
    static final List<NotYetVerb> ALL = List.of(
            new NotYetVerb(
                    "errors",
                    "the errors so far, counted",
                    "`viridian status` shows the fault, `viridian events` what led to it"),
            new NotYetVerb("throttle", "slow the backfill down", "set backfill.max-rate and start the daemon again"),
            new NotYetVerb(
                    "tune",
                    "change limits while the daemon runs",
                    "change the configuration and start the daemon again"),
            new NotYetVerb("repair", "bring differing rows through the stream again", "`viridian diff` names the rows"),
            new NotYetVerb("explain-row", "where a green row came from", "`viridian diff` compares rows"),
            new NotYetVerb(
                    "support-bundle",
                    "everything a supporter needs, without secrets",
                    "`viridian report` and the daemon's log tell most"),
            new NotYetVerb(
                    "audit", "who did what, and whether the log is whole", "`viridian events` tells what happened"));

    private final String name;
    private final String does;
    private final String instead;

    private NotYetVerb(String name, String does, String instead) {
        this.name = name;
        this.does = does;
        this.instead = instead;
    }

    String name() {
        return name;
    }

    CommandLine commandLine() {
        CommandLine line = new CommandLine(this).setUnmatchedArgumentsAllowed(true);
        line.getCommandSpec().usageMessage().description("Not yet: " + does + ".", "Today " + instead + ".");
        return line;
    }

    @Override
    public Integer call() {
        throw Fault.about(
                        FaultCode.NOT_YET,
                        name,
                        "`viridian %s` (%s) is not built yet; today %s".formatted(name, does, instead))
                .asException();
    }
}
