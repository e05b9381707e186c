package io.viridian.testkit.server;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One server per role and version for all tests of a JVM, started when first asked for and stopped with the JVM.
 * Creating a database is much faster than starting a server, so a test takes a fresh database ({@link
 * PostgresServer#freshDatabase}) and leaves settings, roles and slots as it found them. Any thread.
 */
public final class SharedServers {

    private static final Map<ServerSpec, PostgresServer> SERVERS = new ConcurrentHashMap<>();

    private SharedServers() {}

    public static PostgresServer blue(int majorVersion) {
        return of(ServerRole.BLUE, majorVersion);
    }

    public static PostgresServer green(int majorVersion) {
        return of(ServerRole.GREEN, majorVersion);
    }

    public static PostgresServer of(ServerRole role, int majorVersion) {
        return SERVERS.computeIfAbsent(new ServerSpec(role, majorVersion, Map.of(), true), Servers::start);
    }
}
