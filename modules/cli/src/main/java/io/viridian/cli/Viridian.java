package io.viridian.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program without a verb. */
@Command(
        name = "viridian",
        description = "Moves a live PostgreSQL database from blue to green, and back.",
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "%nVerbs:%n",
        footerHeading = "%nExit codes:%n",
        footer = {
            "  0 done, 1 a bug, 2 usage or configuration, 3 a gate or pre-flight check refused,",
            "  4 in conflict with another operation, 5 not allowed, 6 blue, 7 green, 8 traffic,",
            "  9 timed out or no daemon answers, 10 outcome unknown, 11 undone automatically,",
            "  12 verification mismatch, 130 interrupted"
        })
final class Viridian implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a verb is missing");
    }
}
