package io.viridian.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Finds a port for the dashboard: the one wished for, or, said loudly, another. */
final class DashboardPort {
    private DashboardPort() {}

    static int choose(int wished, Narrator narrator) {
        try {
            return bound(wished);
        } catch (IOException taken) {
            try {
                int other = bound(0);
                narrator.line(
                        "ATTENTION",
                        "port %d is taken, so the dashboard is on port %d: %s",
                        wished,
                        other,
                        String.valueOf(taken.getMessage()));
                return other;
            } catch (IOException none) {
                throw new UncheckedIOException(none);
            }
        }
    }

    /** Free at this moment; nobody else on this machine is likely to want it in the next. */
    private static int bound(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
