package io.viridian.testkit.server;

import java.io.IOException;
import java.nio.file.Files;

/** A JVM that starts a server, freezes it (the hardest case), says where it is, and waits to be killed. */
final class StartAndHang {

    static final int PID_LENGTH = 20;
    static final int ANSWER_LENGTH = 400;

    private StartAndHang() {}

    public static void main(String[] arguments) throws IOException {
        PostgresServer server = Servers.start(18);
        String pid = Files.readAllLines(server.dataDirectory().resolve("postmaster.pid"))
                .getFirst();
        server.freeze();
        String answer = "%-20s%-380s".formatted(pid, server.dataDirectory().getParent());
        System.out.print(answer);
        System.out.flush();
        System.in.read();
    }
}
