package io.viridian.testkit.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a Docker engine answers, in milliseconds: one ping to the address in DOCKER_HOST or to the usual
 * socket. Testcontainers could say so too, but takes seconds to try all its strategies.
 */
final class DockerEngine {

    private static final Path USUAL_SOCKET = Path.of("/var/run/docker.sock");
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final String PING = "GET /_ping HTTP/1.0\r\n\r\n";

    private DockerEngine() {}

    static boolean answers() {
        return answers(System.getenv("DOCKER_HOST"));
    }

    static boolean answers(@Nullable String dockerHost) {
        try {
            SocketAddress address = address(dockerHost);
            if (address instanceof UnixDomainSocketAddress unix && !Files.exists(unix.getPath())) {
                return false;
            }
            return ping(address);
        } catch (IOException | IllegalArgumentException _) {
            return false;
        }
    }

    private static SocketAddress address(@Nullable String dockerHost) {
        if (dockerHost == null || dockerHost.isBlank()) {
            return UnixDomainSocketAddress.of(USUAL_SOCKET);
        }
        URI uri = URI.create(dockerHost);
        return "unix".equals(uri.getScheme())
                ? UnixDomainSocketAddress.of(uri.getPath())
                : new InetSocketAddress(uri.getHost(), uri.getPort());
    }

    private static boolean ping(SocketAddress address) throws IOException {
        StandardProtocolFamily family =
                address instanceof UnixDomainSocketAddress ? StandardProtocolFamily.UNIX : StandardProtocolFamily.INET;
        try (SocketChannel channel = SocketChannel.open(family);
                Selector selector = Selector.open()) {
            channel.connect(address);
            channel.write(ByteBuffer.wrap(PING.getBytes(StandardCharsets.US_ASCII)));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            if (selector.select(PATIENCE.toMillis()) == 0) {
                return false;
            }
            ByteBuffer answer = ByteBuffer.allocate(64);
            channel.read(answer);
            return new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII).contains(" 200 ");
        }
    }
}
