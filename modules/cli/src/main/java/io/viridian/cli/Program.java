package io.viridian.cli;

import io.viridian.daemon.config.ConfigurationException;
import io.viridian.fault.Ambiguity;
import io.viridian.fault.FaultException;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;

/** Runs one verb and turns whatever comes of it into text and an exit code. */
final class Program {
    /** Help is read side by side with a terminal's default width and in the reference; wider lines get hard to read. */
    private static final int HELP_WIDTH = 100;

    private Program() {}

    static int run(Surroundings around, String... arguments) {
        try {
            return commandLine(around).execute(arguments);
        } finally {
            around.out().flush();
            around.err().flush();
        }
    }

    static CommandLine commandLine(Surroundings around) {
        CommandLine line = new CommandLine(new Viridian());
        Verbs.in(around).forEach(line::addSubcommand);
        NotYetVerb.ALL.forEach(verb -> line.addSubcommand(verb.name(), verb.commandLine()));
        withHelp(line);
        return line.setOut(around.out())
                .setErr(around.err())
                .setColorScheme(Help.defaultColorScheme(around.colour() ? Ansi.ON : Ansi.OFF))
                .setUsageHelpWidth(HELP_WIDTH)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExpandAtFiles(false)
                .setParameterExceptionHandler((failure, given) -> misused(around, failure))
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(around, failure));
    }

    private static void withHelp(CommandLine line) {
        line.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help.")
                        .build());
        line.getSubcommands().values().forEach(Program::withHelp);
    }

    private static int misused(Surroundings around, CommandLine.ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        around.talk("viridian: " + failure.getMessage());
        if (failure instanceof CommandLine.UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            around.talk("  did you mean: "
                    + unmatched.getSuggestions().stream().limit(3).collect(Collectors.joining(", ")));
        }
        around.talk("  `%s --help` shows what it takes."
                .formatted(command.getCommandSpec().qualifiedName()));
        return ExitCode.USAGE.number();
    }

    private static int failed(Surroundings around, Exception failure) {
        return switch (failure) {
            case DaemonClient.Away away -> failed(around, away.asFailure());
            case Failure known -> told(around, known.exit().number(), known.what(), known.fix());
            case FaultException fault ->
                told(
                        around,
                        fault.code().exitCode(),
                        fault.fault().sentence(),
                        fault.code().remedy());
            case ConfigurationException refused -> refused(around, refused);
            case Ambiguity unknown ->
                told(
                        around,
                        ExitCode.UNKNOWN.number(),
                        String.valueOf(unknown.getMessage()),
                        "Look at `viridian status`.");
            case InterruptedException _ -> ExitCode.INTERRUPTED.number();
            default -> {
                around.talk("viridian: a bug: " + failure);
                around.talk(Arrays.stream(failure.getStackTrace())
                        .map(frame -> "  at " + frame)
                        .collect(Collectors.joining("\n")));
                yield told(around, ExitCode.BUG.number(), "this should not happen", "Please report the lines above.");
            }
        };
    }

    private static int refused(Surroundings around, ConfigurationException refused) {
        around.talk(refused.problems().text());
        return told(
                around,
                refused.problems().code().exitCode(),
                "%s: the configuration is refused"
                        .formatted(refused.problems().code().name()),
                refused.problems().code().remedy());
    }

    private static int told(Surroundings around, int exit, String what, String fix) {
        around.talk("viridian: " + what);
        if (!fix.isEmpty()) {
            around.talk("  fix: " + fix);
        }
        return exit;
    }
}
