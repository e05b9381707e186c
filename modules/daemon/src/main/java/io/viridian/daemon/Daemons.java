package io.viridian.daemon;

/** Where the command line gets what runs in its own process. The one place where that is decided. */
public final class Daemons {
    private Daemons() {}

    public static LocalCommands localCommands() {
        return new LiveCommands();
    }
}
