package io.viridian.cutover.hook;

import io.viridian.cutover.traffic.RequestSignature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends a request with the subject as its body, signed where there is a key: any 2xx is yes, if the answer contains
 * what is expected. That nobody answers in time, and what only a proxy in between can say, means that nobody knows.
 */
public final class HttpHook implements HookAction {
    /** Too busy, or not the one who could know: 408, 425, 429, 502, 504. */
    private static final Set<Integer> NOBODY_KNOWS = Set.of(408, 425, 429, 502, 504);

    private static final int ANSWER_BYTES_MAX = 8 * 1024;

    private final URI url;
    private final Optional<RequestSignature> signature;
    private final String expected;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /**
     * The hook.
     *
     * @param signature absent: the request is not signed
     * @param expected must be in the answer; may be empty
     */
    public HttpHook(URI url, Optional<RequestSignature> signature, String expected) {
        this.url = url;
        this.signature = signature;
        this.expected = expected;
    }

    @Override
    public HookVerdict ask(HookSubject subject, Duration timeout) throws InterruptedException {
        Answer answer = new Answer();
        CompletableFuture<HttpResponse<Void>> pending;
        try {
            pending = http.sendAsync(request(subject.json()), answer.handler());
        } catch (IOException | GeneralSecurityException | IllegalArgumentException unusable) {
            return HookVerdict.unknown("cannot be asked: " + unusable);
        }
        try {
            // The client's own limit ends with the headers.
            HttpResponse<Void> response = pending.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return verdict(response.statusCode(), answer.text());
        } catch (TimeoutException late) {
            return HookVerdict.unknown("did not answer within " + timeout.toMillis() + " ms");
        } catch (ExecutionException failure) {
            return HookVerdict.unknown("does not answer: " + failure.getCause());
        } finally {
            pending.cancel(true);
        }
    }

    private HttpRequest request(String body) throws IOException, GeneralSecurityException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (signature.isPresent()) {
            signature.get().sign(request, body);
        }
        return request.build();
    }

    private HookVerdict verdict(int status, String said) {
        String told = "answered " + status + (said.isBlank() ? "" : ", saying: " + said);
        if (NOBODY_KNOWS.contains(status)) {
            return HookVerdict.unknown(told);
        }
        if (status / 100 != 2) {
            return HookVerdict.refused(told);
        }
        return said.contains(expected)
                ? HookVerdict.passed(told)
                : HookVerdict.refused("does not say '" + expected + "'; it " + told);
    }

    /** The beginning of the body; the rest is read and forgotten. */
    private static final class Answer {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

        HttpResponse.BodyHandler<Void> handler() {
            return HttpResponse.BodyHandlers.ofByteArrayConsumer(part -> part.ifPresent(this::keep));
        }

        private synchronized void keep(byte[] part) {
            kept.write(part, 0, Math.min(part.length, ANSWER_BYTES_MAX - kept.size()));
        }

        synchronized String text() {
            return kept.toString(StandardCharsets.UTF_8);
        }
    }
}
