package io.viridian.cutover.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.viridian.plan.Side;
import io.viridian.time.Clock;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real HTTP server at the other end. */
@Timeout(30)
final class WebhookSwitcherTest {
    private static final String SECRET = "correct horse";

    @TempDir
    Path directory;

    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final CountDownLatch silence = new CountDownLatch(1);
    private HttpServer server;
    private Path secret;
    private volatile String ledTo = "blue";
    private volatile int answer = 204;

    @BeforeEach
    void start() throws IOException {
        secret = Files.writeString(directory.resolve("secret"), SECRET + "\n");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/hooks/password", this::receive);
        server.start();
    }

    @AfterEach
    void stop() {
        silence.countDown();
        server.stop(0);
    }

    private void receive(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        bodies.add(body);
        String expected = "sha256=" + hmac(exchange.getRequestHeaders().getFirst("X-Viridian-Timestamp") + "." + body);
        int status = answer;
        if (!expected.equals(exchange.getRequestHeaders().getFirst("X-Viridian-Signature"))) {
            status = 401;
        } else if (body.contains("\"perform\"") && status == 204) {
            ledTo = body.contains("\"owner\": \"green\"") ? "green" : "blue";
        } else if (body.contains("\"probe\"") && !body.contains("\"owner\": \"" + ledTo + "\"")) {
            status = 409;
        }
        byte[] said = status == 204 ? new byte[0] : "no such service".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, said.length == 0 ? -1 : said.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(said);
        }
    }

    private static String hmac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private WebhookSwitcher switcher() {
        return switcher(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hooks/password"));
    }

    private WebhookSwitcher switcher(URI url) {
        return new WebhookSwitcher(
                url,
                secret,
                Duration.ofMillis(500),
                "shop-v2",
                side -> "postgresql://" + side.text() + ":5432/shop",
                Clock.system());
    }

    @Test
    void theOtherEndLearnsTheOwnerAndTellsWhereItLeads() throws Exception {
        WebhookSwitcher switcher = switcher();
        assertThat(switcher.probe(Side.BLUE)).isTrue();
        switcher.perform(Side.GREEN);
        assertThat(bodies.getLast())
                .isEqualTo("{\"action\": \"perform\", \"migration\": \"shop-v2\", \"owner\": \"green\","
                        + " \"url\": \"postgresql://green:5432/shop\"}");
        assertThat(switcher.probe(Side.GREEN)).isTrue();
        assertThat(switcher.probe(Side.BLUE)).isFalse();
    }

    @Test
    void aRefusalIsToldWithItsAnswerAndWithoutThePath() {
        answer = 503;
        assertThatThrownBy(() -> switcher().perform(Side.GREEN))
                .hasMessageContaining("TRAFFIC_FAILED")
                .hasMessageContaining("answers 503, saying: no such service")
                .hasMessageNotContaining("password");
    }

    @Test
    void anotherSecretIsRefusedAndAMissingOneIsNamed() throws Exception {
        Files.writeString(secret, "something else");
        assertThatThrownBy(() -> switcher().perform(Side.GREEN)).hasMessageContaining("answers 401");
        Files.delete(secret);
        assertThatThrownBy(() -> switcher().perform(Side.GREEN)).hasMessageContaining(secret.toString());
        assertThat(ledTo).isEqualTo("blue");
    }

    @Test
    void whoeverDoesNotAnswerIsNotWaitedForLong() {
        server.createContext("/silent", _ -> awaitQuietly());
        assertThatThrownBy(() -> switcher(URI.create(
                                "http://127.0.0.1:" + server.getAddress().getPort() + "/silent"))
                        .probe(Side.GREEN))
                .hasMessageContaining("does not answer");
    }

    private void awaitQuietly() {
        try {
            silence.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
