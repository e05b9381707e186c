package io.viridian.testkit.net;

import io.viridian.testkit.net.Network.Direction;
import io.viridian.testkit.net.Network.Verdict;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One client's connection and the one to the server that belongs to it. Two threads carry bytes, one per direction; a
 * third thread, that of the test, resets sockets under their hands.
 */
final class Tunnel {

    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

    private final Network network;
    private final Socket client;
    private final Socket server = new Socket();
    private final AtomicInteger directionsOpen = new AtomicInteger(2);
    private volatile boolean broken;

    Tunnel(Network network, Socket client) {
        this.network = network;
        this.client = client;
    }

    /** Connects to the server and carries bytes until both directions have ended. Runs on a thread of its own. */
    void run(InetSocketAddress upstream) throws InterruptedException {
        try {
            client.setTcpNoDelay(true);
            switch (network.awaitConnectivity()) {
                case Mode.Cut _ -> reset();
                case Mode.HalfOpen _ -> abandonServer();
                case Mode.Pass _, Mode.Delay _, Mode.DropReplies _, Mode.BlackHole _ -> {
                    server.connect(upstream, CONNECT_TIMEOUT_MILLIS);
                    server.setTcpNoDelay(true);
                    Thread replies = Thread.ofVirtual()
                            .name("proxy-to-client")
                            .start(() -> carry(server, client, Direction.TO_CLIENT));
                    carry(client, server, Direction.TO_SERVER);
                    replies.join();
                }
            }
        } catch (IOException _) {
            if (!broken) {
                reset();
            }
        }
    }

    /** Both sides learn that the connection is gone. */
    void reset() {
        reset(client);
        reset(server);
    }

    /** Only the server learns it. */
    void abandonServer() {
        lostSomething();
        reset(server);
    }

    /** It lost bytes or a side, so it cannot go on when the network recovers. */
    boolean broken() {
        return broken;
    }

    /** Whether nobody will carry a byte again, so that the proxy may forget it. */
    boolean finished() {
        return client.isClosed();
    }

    private void carry(Socket from, Socket to, Direction direction) {
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            while (true) {
                int length = from.getInputStream().read(chunk);
                Verdict verdict = network.decide(direction, this::lostSomething);
                if (length < 0) {
                    end(to, verdict);
                    return;
                }
                if (verdict == Verdict.FORWARD) {
                    to.getOutputStream().write(chunk, 0, length);
                }
            }
        } catch (IOException _) {
            failed(direction);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            reset();
        }
    }

    private void lostSomething() {
        broken = true;
    }

    /** One side has said all it had to say; when both have, the sockets are closed in good order. */
    private void end(Socket to, Verdict verdict) throws IOException {
        if (verdict == Verdict.DISCARD) {
            return;
        }
        to.shutdownOutput();
        if (directionsOpen.decrementAndGet() == 0) {
            client.close();
            server.close();
        }
    }

    /** A reset on one side reaches the other only through a network that lets it pass. */
    private void failed(Direction direction) {
        try {
            if (!broken && network.decide(direction, this::lostSomething) == Verdict.FORWARD) {
                reset();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            reset();
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException _) {
            // Closed already, or never connected.
        }
        try {
            socket.close();
        } catch (IOException _) {
            // It is gone either way.
        }
    }
}
