package io.viridian.cutover.traffic;

import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * HAProxy's runtime socket (Management Guide, section 9.3): a connection takes one line and is closed behind the
 * answer. Any thread.
 *
 * @param timeout for one command from the connection to the end of the answer
 */
record RuntimeSocket(Path path, Duration timeout, Clock clock) {
    /** What thousands of servers' states take; more is not from HAProxy. */
    private static final int ANSWER_BYTES_MAX = 4 << 20;

    /**
     * What is answered to a command, without blank lines around it.
     *
     * @throws IOException when nobody listens, the time is up, or too much is answered
     */
    String ask(String command) throws IOException {
        Deadline end = Deadline.after(clock, timeout);
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            if (!channel.connect(UnixDomainSocketAddress.of(path))) {
                throw new IOException("does not take a connection at once");
            }
            ByteBuffer line = ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8));
            SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
            while (line.hasRemaining()) {
                await(selector, end);
                channel.write(line);
            }
            key.interestOps(SelectionKey.OP_READ);
            return answer(channel, selector, end);
        }
    }

    private String answer(SocketChannel channel, Selector selector, Deadline end) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        while (true) {
            await(selector, end);
            int read = channel.read(buffer);
            if (read < 0) {
                return answer.toString(StandardCharsets.UTF_8).strip();
            }
            answer.write(buffer.array(), 0, read);
            buffer.clear();
            if (answer.size() > ANSWER_BYTES_MAX) {
                throw new IOException("answers without end");
            }
        }
    }

    private void await(Selector selector, Deadline end) throws IOException {
        long left = end.remaining().toMillis();
        if (left <= 0 || selector.select(left) == 0) {
            if (Thread.currentThread().isInterrupted()) {
                throw new IOException("interrupted");
            }
            throw new SocketTimeoutException("no answer within " + timeout.toMillis() + " ms");
        }
        selector.selectedKeys().clear();
    }
}
