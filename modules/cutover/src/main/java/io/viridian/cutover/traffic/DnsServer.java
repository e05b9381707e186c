package io.viridian.cutover.traffic;

import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/**
 * A server that is asked over TCP, each time on a connection of its own, so that one which hangs is not met again.
 *
 * @param timeout for one message, from the connection to the whole answer; looking up the host comes before that
 */
public record DnsServer(String host, int port, Duration timeout, Clock clock) {
    private static final int LENGTH_BYTES = 2;

    /**
     * What is answered to a message.
     *
     * @throws IOException when nobody answers in time, something else is answered, or the answer is good news and not
     *     signed with the key
     */
    Message ask(Message message, DnsKey key) throws IOException, InterruptedException {
        key.signer().apply(message, null);
        byte[] question = message.toWire();
        byte[] bytes = exchange(question);
        Message answer = new Message(bytes);
        if (answer.getHeader().getID() != message.getHeader().getID()
                || answer.getHeader().getOpcode() != message.getHeader().getOpcode()) {
            throw new IOException("answers something that it was not asked");
        }
        boolean refusal = answer.getRcode() != Rcode.NOERROR && answer.getRcode() != Rcode.NXDOMAIN;
        if (!refusal && key.signer().verify(answer, bytes, message.getTSIG()) != Rcode.NOERROR) {
            throw new IOException("gives an answer that is not signed with the key " + key
                    + ": perhaps it is not the server that answers");
        }
        return answer;
    }

    private byte[] exchange(byte[] question) throws IOException, InterruptedException {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IOException("has an unknown host name");
        }
        Deadline end = Deadline.after(clock, timeout);
        try (SocketChannel channel = SocketChannel.open();
                Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            SelectionKey ready = channel.register(selector, SelectionKey.OP_CONNECT);
            if (!channel.connect(address)) {
                await(selector, end);
                channel.finishConnect();
            }
            ready.interestOps(SelectionKey.OP_WRITE);
            ByteBuffer out = ByteBuffer.allocate(LENGTH_BYTES + question.length)
                    .putShort((short) question.length)
                    .put(question)
                    .flip();
            while (out.hasRemaining()) {
                await(selector, end);
                channel.write(out);
            }
            ready.interestOps(SelectionKey.OP_READ);
            int length = Short.toUnsignedInt(
                    read(channel, selector, LENGTH_BYTES, end).getShort());
            return read(channel, selector, length, end).array();
        }
    }

    private ByteBuffer read(SocketChannel channel, Selector selector, int length, Deadline end)
            throws IOException, InterruptedException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            await(selector, end);
            if (channel.read(buffer) < 0) {
                throw new EOFException("ends the connection without an answer");
            }
        }
        return buffer.flip();
    }

    private void await(Selector selector, Deadline end) throws IOException, InterruptedException {
        long left = end.remaining().toMillis();
        if (left > 0 && selector.select(left) > 0) {
            selector.selectedKeys().clear();
            return;
        }
        if (Thread.interrupted()) {
            throw new InterruptedException("while " + this + " was asked");
        }
        throw new SocketTimeoutException("gives no answer within " + timeout.toMillis() + " ms");
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
