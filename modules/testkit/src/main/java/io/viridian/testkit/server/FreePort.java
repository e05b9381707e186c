package io.viridian.testkit.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds ports for servers. They lie below the range from which Linux serves outgoing connections (32768 and up by
 * default), so that no client of anybody takes the port of a server that is stopped for a moment. Another JVM may still
 * be faster between the look and the start; the one who starts a server has to try again.
 */
public final class FreePort {

    private static final int LOWEST = 15_000;
    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 200;

    private FreePort() {}

    /** @throws ServerException when hundreds of tries found none */
    public static int find() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (free(port)) {
                return port;
            }
        }
        throw new ServerException("no free port between %d and %d".formatted(LOWEST, HIGHEST));
    }

    private static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
