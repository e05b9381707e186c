package io.viridian.cutover.traffic;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Side;
import io.viridian.time.Clock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Has another program lead the applications, by a signed request. The body is
 * {@code {"action": "perform", "migration": "…", "owner": "green", "url": "postgresql://…"}}; any 2xx means done. With
 * {@code "action": "probe"} the same asks whether they are led there: 2xx yes, 409 no. Requests may come twice.
 *
 * <p>They are signed: {@link RequestSignature}.
 */
public final class WebhookSwitcher implements TrafficSwitcher {
    private static final int CONFLICT = 409;
    private static final int SHOWN_BYTES_MAX = 300;

    private final URI url;
    private final RequestSignature signature;
    private final Duration timeout;
    private final String migration;
    private final Function<Side, String> urls;
    private final HttpClient http;

    /**
     * The switcher.
     *
     * @param secretFile read anew for each request, so that the secret can be changed
     * @param timeout for a request, from the connection to the answer
     */
    public WebhookSwitcher(
            URI url, Path secretFile, Duration timeout, String migration, Function<Side, String> urls, Clock clock) {
        this.url = url;
        this.signature = new RequestSignature(secretFile, clock);
        this.timeout = timeout;
        this.migration = migration;
        this.urls = urls;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .build();
    }

    /** Without the path, which is often the hook's password. */
    @Override
    public String name() {
        return "webhook " + url.getScheme() + "://" + url.getAuthority();
    }

    @Override
    public void perform(Side to) throws InterruptedException {
        HttpResponse<String> answer = send("perform", to);
        if (!succeeded(answer)) {
            throw refused(answer);
        }
    }

    @Override
    public boolean probe(Side to) throws InterruptedException {
        HttpResponse<String> answer = send("probe", to);
        if (!succeeded(answer) && answer.statusCode() != CONFLICT) {
            throw refused(answer);
        }
        return succeeded(answer);
    }

    private static boolean succeeded(HttpResponse<String> answer) {
        return answer.statusCode() / 100 == 2;
    }

    private HttpResponse<String> send(String action, Side to) throws InterruptedException {
        String body = "{\"action\": \"%s\", \"migration\": \"%s\", \"owner\": \"%s\", \"url\": \"%s\"}"
                .formatted(
                        action,
                        migration,
                        to.text(),
                        urls.apply(to).replace("\\", "\\\\").replace("\"", "\\\""));
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .timeout(timeout)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        try {
            signature.sign(request, body);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException unusable) {
            throw failed("has no usable secret in " + signature.secretFile() + ": " + unusable, unusable);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException failure) {
            throw failed("does not answer: " + failure, failure);
        }
    }

    private FaultException refused(HttpResponse<String> answer) {
        String said = answer.body().strip();
        return failed(
                "answers " + answer.statusCode()
                        + (said.isEmpty()
                                ? ""
                                : ", saying: " + said.substring(0, Math.min(SHOWN_BYTES_MAX, said.length()))),
                null);
    }

    private FaultException failed(String what, @Nullable Throwable cause) {
        Fault fault = Fault.about(FaultCode.TRAFFIC_FAILED, name(), name() + " " + what);
        return cause == null ? fault.asException() : fault.asException(cause);
    }
}
