package io.viridian.postgres;

import io.viridian.time.Clock;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sockets whose input is read in large pieces, for a replication connection. The driver creates it by its name.
 *
 * <p>The server sends every change by itself. A reader that keeps up therefore meets one or two of them at a time and
 * pays system calls for each, and every one of those wakes or delays the sender: measured on two cores, both together
 * were slower than half of what the server can send. So after each reading from the network nothing is said to be
 * there for a while ({@link ReadPace}); what comes meanwhile is then read at once.
 */
public final class ReadAheadSockets extends SocketFactory {
    private static final int BUFFER_BYTES = 256 * 1024;

    /** With this the driver looks whether something is there; in a pause the answer is no. */
    private static final int PEEK_MILLIS = 1;

    /** Called by the driver. */
    public ReadAheadSockets() {}

    @Override
    public Socket createSocket() {
        return new ReadAhead();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException, UnknownHostException {
        throw new IOException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        throw new IOException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        throw new IOException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        throw new IOException("the driver connects by itself");
    }

    private static final class ReadAhead extends Socket {
        private @Nullable ReadAheadStream input;
        private volatile int timeoutMillis;
        private int appliedMillis;

        @Override
        public synchronized InputStream getInputStream() throws IOException {
            ReadAheadStream existing = input;
            if (existing != null) {
                return existing;
            }
            ReadAheadStream created = new ReadAheadStream(super.getInputStream(), this);
            input = created;
            return created;
        }

        /** The driver sets it twice for every look; only a reading from the network needs it. */
        @Override
        public void setSoTimeout(int millis) {
            timeoutMillis = millis;
        }

        @Override
        public int getSoTimeout() {
            return timeoutMillis;
        }

        boolean peeking() {
            return timeoutMillis == PEEK_MILLIS;
        }

        void applyTimeout() throws SocketException {
            int wanted = timeoutMillis;
            if (wanted != appliedMillis) {
                super.setSoTimeout(wanted);
                appliedMillis = wanted;
            }
        }
    }

    /** One reader at a time, as the driver's lock has it. */
    private static final class ReadAheadStream extends InputStream {
        private final InputStream from;
        private final ReadAhead socket;
        private final byte[] buffer = new byte[BUFFER_BYTES];
        private int position;
        private int limit;
        private final Clock clock = Clock.system();
        private final ReadPace pace = new ReadPace(clock.nanoTime());

        ReadAheadStream(InputStream from, ReadAhead socket) {
            this.from = from;
            this.socket = socket;
        }

        @Override
        public int read() throws IOException {
            return fill() ? buffer[position++] & 0xff : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int read = Math.min(length, limit - position);
            System.arraycopy(buffer, position, into, offset, read);
            position += read;
            return read;
        }

        private boolean fill() throws IOException {
            if (position < limit) {
                return true;
            }
            if (socket.peeking()) {
                long now = clock.nanoTime();
                if (pace.pauses(now)) {
                    throw new SocketTimeoutException("nothing is there yet");
                }
                pace.portionBegins(now);
            }
            // Outside of a pause this is a real reading, which also notices that the server has gone.
            socket.applyTimeout();
            int read = from.read(buffer);
            position = 0;
            limit = Math.max(read, 0);
            pace.read(limit, clock.nanoTime());
            return read > 0;
        }

        @Override
        public int available() throws IOException {
            if (position < limit) {
                return limit - position;
            }
            long now = clock.nanoTime();
            if (pace.pauses(now)) {
                return 0;
            }
            int there = from.available();
            if (there > 0) {
                pace.portionBegins(now);
            }
            return there;
        }

        @Override
        public void close() throws IOException {
            from.close();
        }
    }
}
