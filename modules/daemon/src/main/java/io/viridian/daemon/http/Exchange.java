package io.viridian.daemon.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.viridian.daemon.metrics.Metric;
import io.viridian.time.Clock;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** One request and its answer on the wire, measured. Used on the request's event loop only. */
final class Exchange {
    private static final String KEY = Exchange.class.getName();

    /** An answer without a body, whose length would be that of the body left out. */
    private static final int NOT_MODIFIED = 304;

    /** Others are counted together, so that nobody can fill the registry. */
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private final RoutingContext context;
    private final MeterRegistry registry;
    private final Clock clock;
    private final long began;
    private String route = "unknown";

    private Exchange(RoutingContext context, MeterRegistry registry, Clock clock) {
        this.context = context;
        this.registry = registry;
        this.clock = clock;
        this.began = clock.nanoTime();
    }

    static void begin(RoutingContext context, MeterRegistry registry, Clock clock) {
        context.put(KEY, new Exchange(context, registry, clock));
    }

    static Exchange of(RoutingContext context) {
        return context.get(KEY);
    }

    /** Names the path for the measurements. */
    void route(String path) {
        route = path;
    }

    void answer(Reply reply) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        prepare(reply.status());
        reply.headers().forEach(response::putHeader);
        if (reply.status() == NOT_MODIFIED) {
            response.end();
            return;
        }
        response.putHeader("Content-Type", reply.contentType());
        response.putHeader("Content-Length", Integer.toString(body.length));
        if (HttpMethod.HEAD.equals(context.request().method())) {
            response.end();
        } else {
            response.end(io.vertx.core.buffer.Buffer.buffer(body));
        }
    }

    /** Status and what every answer carries: nothing is stored, framed, sniffed or referred to. */
    void prepare(int status) {
        context.response()
                .setStatusCode(status)
                .putHeader("Cache-Control", "no-store")
                .putHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Frame-Options", "DENY");
        String method = context.request().method().name();
        Timer.builder(Metric.HTTP_SERVER_REQUESTS_SECONDS.id())
                .description("Requests to the control API by route and status")
                .tag("method", METHODS.contains(method) ? method : "OTHER")
                .tag("route", route)
                .tag("status", Integer.toString(status))
                .register(registry)
                .record(clock.since(began));
    }
}
