package io.viridian.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The network recovers while a reply is on its way: at whatever moment, nobody is left waiting for ever. */
@Timeout(60)
final class LostReplyTest {

    private static final Logger LOG = LoggerFactory.getLogger(LostReplyTest.class);
    private static final int ROUNDS = 2_000;
    private static final int LATEST_NANOS = 500_000;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int QUESTION = 7;

    private final long seed = System.nanoTime();
    private ServerSocket echo;
    private TcpProxy proxy;

    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("echo").start(this::serve);
        proxy = TcpProxy.to("127.0.0.1", echo.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void aReplyArrivesOrItsConnectionIsResetWheneverTheNetworkRecovers() throws IOException {
        LOG.info("seed {}", seed);
        Random random = new Random(seed);
        int arrived = 0;
        for (int round = 0; round < ROUNDS; round++) {
            if (arrives(random.nextInt(LATEST_NANOS))) {
                arrived++;
            }
        }
        assertThat(arrived).as("replies that arrived").isBetween(1, ROUNDS - 1);
    }

    /** Ends with a SocketTimeoutException where the reply neither arrives nor is known to be lost. */
    private boolean arrives(int recoveryNanos) throws IOException {
        try (Socket socket = new Socket(proxy.host(), proxy.port())) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(QUESTION);
            assertThat(socket.getInputStream().read()).isEqualTo(QUESTION);
            proxy.dropReplies();
            socket.getOutputStream().write(QUESTION);
            long recoversAt = System.nanoTime() + recoveryNanos;
            while (System.nanoTime() < recoversAt) {
                Thread.onSpinWait();
            }
            proxy.pass();
            try {
                assertThat(socket.getInputStream().read()).isEqualTo(QUESTION);
                return true;
            } catch (SocketException _) {
                return false;
            }
        }
    }

    private void serve() {
        try {
            while (true) {
                Socket socket = echo.accept();
                Thread.ofVirtual().name("echo-one").start(() -> repeat(socket));
            }
        } catch (IOException _) {
            // The test is over.
        }
    }

    private static void repeat(Socket socket) {
        try (socket) {
            int said = socket.getInputStream().read();
            while (said >= 0) {
                socket.getOutputStream().write(said);
                said = socket.getInputStream().read();
            }
        } catch (IOException _) {
            // The client or the network between has gone.
        }
    }
}
