package io.viridian.cli;

import io.viridian.daemon.LocalCommands;
import io.viridian.daemon.config.ConfigurationLoader;
import java.nio.file.Path;
import java.time.Duration;

/** Says what it was called for and answers an exit code of its own. */
final class RecordedCommands implements LocalCommands {
    static final int EXIT = 42;

    @Override
    public int run(Invocation invocation, boolean standby) {
        return say(invocation, "run " + migration(invocation) + (standby ? " standby" : ""));
    }

    @Override
    public int leading(Invocation invocation, Deed deed) {
        return say(invocation, "leading " + migration(invocation));
    }

    @Override
    public int check(Invocation invocation, boolean grants) {
        return say(invocation, "check " + migration(invocation) + (grants ? " grants" : ""));
    }

    @Override
    public int plan(Invocation invocation, String what) {
        return say(invocation, "plan " + what);
    }

    @Override
    public int init(Invocation invocation, Path directory, boolean overwrite) {
        return say(
                invocation,
                "init " + directory.getFileName() + " " + invocation.sources().flags() + (overwrite ? " force" : ""));
    }

    @Override
    public int compatibility(Invocation invocation, Duration quiet) {
        return say(invocation, "compatibility " + quiet.toDays());
    }

    private static String migration(Invocation invocation) {
        return ConfigurationLoader.load(invocation.sources().withoutPasswords())
                .settings()
                .migration();
    }

    private static int say(Invocation invocation, String text) {
        invocation.out().println(text + (invocation.json() ? " json" : ""));
        return EXIT;
    }
}
