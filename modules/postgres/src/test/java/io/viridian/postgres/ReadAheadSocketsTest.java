package io.viridian.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadAheadSocketsTest {
    /** As the driver looks whether something is there. */
    private static final int PEEK = 1;

    private final ServerSocket listening;
    private final Socket ours = new ReadAheadSockets().createSocket();
    private final Socket theirs;

    ReadAheadSocketsTest() throws IOException {
        listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ours.connect(listening.getLocalSocketAddress());
        theirs = listening.accept();
    }

    @AfterEach
    void close() throws IOException {
        ours.close();
        theirs.close();
        listening.close();
    }

    private void send(String text) throws IOException {
        theirs.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Looks until something comes or the connection ends, as the driver does. */
    private static int looked(InputStream input) throws IOException {
        while (true) {
            try {
                return input.read();
            } catch (SocketTimeoutException nothingYet) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void givesEveryByteInOrder() throws IOException {
        send("abc");
        InputStream input = ours.getInputStream();

        assertThat(input.readNBytes(2)).isEqualTo("ab".getBytes(StandardCharsets.US_ASCII));
        send("def");
        assertThat(input.readNBytes(4)).isEqualTo("cdef".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void whatHasBeenReadIsThereAtOnce() throws IOException {
        send("abc");
        InputStream input = ours.getInputStream();
        assertThat(input.read()).isEqualTo('a');

        assertThat(input.available()).isEqualTo(2);
    }

    @Test
    void aLookFindsWhatCameMeanwhile() throws IOException {
        InputStream input = ours.getInputStream();
        ours.setSoTimeout(PEEK);
        assertThatThrownBy(input::read).isInstanceOf(SocketTimeoutException.class);

        send("a");
        assertThat(looked(input)).isEqualTo('a');
        send("b");
        assertThat(looked(input)).isEqualTo('b');
    }

    @Test
    void aLookNoticesThatTheServerHasGone() throws IOException {
        InputStream input = ours.getInputStream();
        ours.setSoTimeout(PEEK);
        send("a");
        assertThat(looked(input)).isEqualTo('a');

        theirs.close();

        assertThat(looked(input)).isEqualTo(-1);
    }

    @Test
    void aReadingWaitsAsLongAsItsTimeoutAllows() throws IOException {
        InputStream input = ours.getInputStream();
        send("a");
        assertThat(input.read()).isEqualTo('a');

        ours.setSoTimeout(50);
        assertThat(ours.getSoTimeout()).isEqualTo(50);
        assertThatThrownBy(input::read).isInstanceOf(SocketTimeoutException.class);
    }
}
