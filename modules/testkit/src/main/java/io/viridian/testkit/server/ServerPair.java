package io.viridian.testkit.server;

import java.util.Map;
import java.util.function.Function;

/** A blue and a green server with different system identifiers, to be closed together. */
public record ServerPair(PostgresServer blue, PostgresServer green) implements AutoCloseable {

    /** Two servers of their own for the caller, for tests that stop, freeze or reconfigure them. */
    public static ServerPair start(int blueMajor, int greenMajor) {
        return start(blueMajor, greenMajor, Map.of());
    }

    /** The same settings on both sides. */
    public static ServerPair start(int blueMajor, int greenMajor, Map<String, String> settings) {
        return start(role -> Servers.start(role, role == ServerRole.BLUE ? blueMajor : greenMajor, settings));
    }

    /** Never one server alone: the first is closed when the second does not start. */
    static ServerPair start(Function<ServerRole, PostgresServer> starter) {
        PostgresServer blue = starter.apply(ServerRole.BLUE);
        try {
            return new ServerPair(blue, starter.apply(ServerRole.GREEN));
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
