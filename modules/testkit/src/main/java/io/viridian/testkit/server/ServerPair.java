package io.viridian.testkit.server;

import java.util.Map;

/** A blue and a green server with different system identifiers, to be closed together. */
public record ServerPair(PostgresServer blue, PostgresServer green) implements AutoCloseable {

    /** Two servers of their own for the caller, for tests that stop, freeze or reconfigure them. */
    public static ServerPair start(int blueMajor, int greenMajor) {
        return start(blueMajor, greenMajor, Map.of());
    }

    /** The same settings on both sides. */
    public static ServerPair start(int blueMajor, int greenMajor, Map<String, String> settings) {
        PostgresServer blue = Servers.start(ServerRole.BLUE, blueMajor, settings);
        try {
            return new ServerPair(blue, Servers.start(ServerRole.GREEN, greenMajor, settings));
        } catch (RuntimeException e) {
            blue.close();
            throw e;
        }
    }

    /** The servers that all tests of this JVM share; take a fresh database on each. */
    public static ServerPair shared(int blueMajor, int greenMajor) {
        return new ServerPair(SharedServers.blue(blueMajor), SharedServers.green(greenMajor));
    }

    @Override
    public void close() {
        try {
            blue.close();
        } finally {
            green.close();
        }
    }
}
