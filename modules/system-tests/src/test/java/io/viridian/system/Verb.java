package io.viridian.system;

import io.viridian.daemon.Daemons;
import io.viridian.daemon.LocalCommands;
import io.viridian.daemon.LocalCommands.Invocation;
import io.viridian.daemon.config.ConfigurationSources;
import io.viridian.fault.FaultException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.Optional;

/**
 * A verb of the program in this process, with the exit code and the words that the command line makes of a fault.
 *
 * @param said data and talk
 */
record Verb(int exit, String said) {
    static Verb check(Rig rig) throws InterruptedException {
        return of(rig, (local, invocation) -> local.check(invocation, false));
    }

    static Verb plan(Rig rig) throws InterruptedException {
        return of(rig, (local, invocation) -> local.plan(invocation, "migration"));
    }

    /** The daemon; only for one that will not begin to work, because nobody tells it to stop. */
    static Verb run(Rig rig) throws InterruptedException {
        return of(rig, (local, invocation) -> local.run(invocation, false));
    }

    private interface Command {
        int in(LocalCommands local, Invocation invocation) throws InterruptedException;
    }

    private static Verb of(Rig rig, Command command) throws InterruptedException {
        StringWriter said = new StringWriter();
        PrintWriter both = new PrintWriter(said, true);
        ConfigurationSources sources = new ConfigurationSources(
                Optional.of(rig.file()), Map.of(), Map.of(), rig.directory, rig.directory, true);
        try {
            int exit = command.in(Daemons.localCommands(), new Invocation(sources, false, both, both));
            return new Verb(exit, said.toString());
        } catch (FaultException fault) {
            String told = fault.fault().sentence() + "\n  fix: " + fault.code().remedy();
            return new Verb(fault.code().exitCode(), said + told);
        }
    }
}
