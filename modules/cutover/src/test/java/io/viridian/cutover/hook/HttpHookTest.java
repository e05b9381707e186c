package io.viridian.cutover.hook;

import static io.viridian.cutover.hook.ExecHookTest.SUBJECT;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.viridian.cutover.hook.HookVerdict.Outcome;
import io.viridian.cutover.traffic.RequestSignature;
import io.viridian.time.Clock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real HTTP server at the other end. */
@Timeout(30)
final class HttpHookTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private final CountDownLatch silence = new CountDownLatch(1);
    private HttpServer server;
    private volatile int status = 200;
    private volatile String answer = "ready";
    private volatile boolean silentBehindTheHeaders;
    private volatile String body = "";
    private volatile boolean signed;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::receive);
        server.start();
    }

    @AfterEach
    void stop() {
        silence.countDown();
        server.stop(0);
    }

    private void receive(HttpExchange exchange) throws IOException {
        body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        signed = exchange.getRequestHeaders().containsKey("X-Viridian-Signature");
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (silentBehindTheHeaders) {
            exchange.getResponseBody().flush();
            try {
                silence.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private HookVerdict ask(String expected) throws InterruptedException {
        return ask(expected, PATIENCE, Optional.empty());
    }

    private HookVerdict ask(String expected, Duration timeout, Optional<RequestSignature> signature)
            throws InterruptedException {
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
        return new HttpHook(url, signature, expected).ask(SUBJECT, timeout);
    }

    @Test
    void theRequestTellsWhatItIsAbout() throws InterruptedException {
        assertThat(ask("").outcome()).isEqualTo(Outcome.PASSED);
        assertThat(body)
                .isEqualTo("{\"migration\": \"shop-v2\", \"hook\": \"smoke\", \"moment\": \"before FENCE\","
                        + " \"direction\": \"cutover\", \"attempt\": \"7f\", \"blue\": \"postgresql://b:5432/shop\","
                        + " \"green\": \"postgresql://g:5432/shop\"}");
        assertThat(signed).isFalse();
    }

    @Test
    void itIsSignedWhereThereIsAKeyAndNotSentWithoutOneThatShouldBeThere() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "correct horse\n");
        assertThat(ask("", PATIENCE, Optional.of(new RequestSignature(secret, Clock.system())))
                        .passing())
                .isTrue();
        assertThat(signed).isTrue();
        body = "";
        HookVerdict unsigned =
                ask("", PATIENCE, Optional.of(new RequestSignature(directory.resolve("absent"), Clock.system())));
        assertThat(unsigned.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(body).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "200,PASSED",
        "204,PASSED",
        "302,REFUSED",
        "404,REFUSED",
        "500,REFUSED",
        "503,REFUSED",
        "429,UNKNOWN",
        "502,UNKNOWN",
        "504,UNKNOWN"
    })
    void theStatusIsTheAnswer(int given, Outcome outcome) throws InterruptedException {
        status = given;
        answer = given == 204 ? "" : "because";

        assertThat(ask("").outcome()).isEqualTo(outcome);
    }

    @Test
    void whatIsExpectedMustBeInTheAnswer() throws InterruptedException {
        assertThat(ask("ready").passing()).isTrue();
        answer = "not yet";
        assertThat(ask("ready"))
                .isEqualTo(HookVerdict.refused("does not say 'ready'; it answered 200, saying: not yet"));
    }

    @Test
    void whoFallsSilentInTheMiddleOfTheAnswerIsNotWaitedFor() throws InterruptedException {
        silentBehindTheHeaders = true;

        HookVerdict late = ask("", Duration.ofMillis(300), Optional.empty());

        assertThat(late).isEqualTo(HookVerdict.unknown("did not answer within 300 ms"));
    }

    @Test
    void whoIsNotThereSaysNothing() throws InterruptedException {
        server.stop(0);
        assertThat(ask("").outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void ofALongAnswerOnlyTheBeginningIsKept() throws InterruptedException {
        answer = "x".repeat(3_000_000);
        assertThat(ask("").said()).hasSize(301);
    }
}
