package io.viridian.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Completion for shells. */
@Command(
        description = {
            "Print the completion script for bash and zsh.",
            "To use it in this shell: source <(viridian completion)"
        })
final class CompletionVerb implements Callable<Integer> {
    private final Surroundings around;

    CompletionVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        CommandLine whole = Program.commandLine(around);
        around.out().println(AutoComplete.bash("viridian", whole));
        return ExitCode.OK.number();
    }
}
