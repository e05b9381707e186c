package io.viridian.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class DockerEngineTest {

    @Test
    void anEngineThatAnswersThePingIsFound() throws Exception {
        assertThat(answersWhenTheOtherSideSays("HTTP/1.0 200 OK\r\n\r\nOK")).isTrue();
    }

    @Test
    void somebodyElseOnThatPortIsNoEngine() throws Exception {
        assertThat(answersWhenTheOtherSideSays("HTTP/1.0 404 Not Found\r\n\r\n"))
                .isFalse();
    }

    @Test
    void silenceCountsAsNoEngine() throws Exception {
        assertThat(answersWhenTheOtherSideSays("")).isFalse();
    }

    @Test
    void aMissingSocketOrAnUnreadableAddressIsNoEngine(@TempDir Path directory) {
        assertThat(DockerEngine.answers("unix://" + directory.resolve("docker.sock")))
                .isFalse();
        assertThat(DockerEngine.answers("not an address")).isFalse();
    }

    private static boolean answersWhenTheOtherSideSays(String answer) throws Exception {
        Thread engine;
        boolean answers;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            engine = Thread.ofVirtual().start(() -> answerOnce(server, answer));
            answers = DockerEngine.answers("tcp://127.0.0.1:" + server.getLocalPort());
        }
        engine.join();
        return answers;
    }

    private static void answerOnce(ServerSocket server, String answer) {
        try (Socket socket = server.accept()) {
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            while (socket.getInputStream().read() >= 0) {
                // Until the other side has given up.
            }
        } catch (IOException _) {
            // The test is over.
        }
    }
}
