package io.viridian.daemon.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The order in which a request is looked at: host, body, path, method; and what each wrong one is told. */
final class Routes {
    static final int LARGEST_BODY = 64 * 1024;

    /** Closing at once, with data of theirs unread, would take the answer away from the client. */
    private static final Duration READ_THE_ANSWER_WITHIN = Duration.ofSeconds(1);

    private static final String BODY_TIMER = "body-timer";
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

    private final Vertx vertx;
    private final MeterRegistry registry;
    private final Clock clock;
    private final Doorkeeper doorkeeper;
    private final Dispatcher dispatcher;
    private final Duration bodyWithin;

    Routes(
            Vertx vertx,
            MeterRegistry registry,
            Clock clock,
            Doorkeeper doorkeeper,
            Dispatcher dispatcher,
            Duration bodyWithin) {
        this.vertx = vertx;
        this.registry = registry;
        this.clock = clock;
        this.doorkeeper = doorkeeper;
        this.dispatcher = dispatcher;
        this.bodyWithin = bodyWithin;
    }

    /** What serves one more path in its own way. */
    @FunctionalInterface
    interface Special {
        void serve(RoutingContext context);
    }

    Router router(List<Endpoint> endpoints, String specialPath, Special special) {
        Router router = Router.router(vertx);
        router.route().handler(this::enter);
        router.route().handler(this::startBodyTimer);
        router.route()
                .handler(BodyHandler.create(false).setBodyLimit(LARGEST_BODY).setHandleFileUploads(false));
        router.route().handler(this::stopBodyTimer);
        Map<String, List<String>> methods = new LinkedHashMap<>();
        for (Endpoint endpoint : endpoints) {
            methods.computeIfAbsent(endpoint.path(), _ -> new ArrayList<>()).addAll(endpoint.methods());
            Route route = router.route(pattern(endpoint.path()));
            endpoint.methods().forEach(method -> route.method(HttpMethod.valueOf(method)));
            route.handler(context -> dispatcher.dispatch(context, endpoint));
        }
        methods.put(specialPath, List.of("GET"));
        router.get(pattern(specialPath)).handler(context -> {
            Exchange.of(context).route(specialPath);
            special.serve(context);
        });
        methods.forEach((path, allowed) ->
                router.route(pattern(path)).handler(context -> refuseMethod(context, path, allowed)));
        router.route().handler(Routes::refusePath);
        router.route().failureHandler(this::fail);
        return router;
    }

    /** What HTTP itself refuses, before there is a request to route. */
    static void refuseInvalid(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        Problem problem = switch (cause) {
            case TooLongHttpLineException _ -> ProblemKind.PATH_TOO_LONG.with(message(cause));
            case TooLongHttpHeaderException _ -> ProblemKind.HEADERS_TOO_LARGE.with(message(cause));
            case null -> ProblemKind.MALFORMED_REQUEST.with("the address cannot be decoded");
            default -> ProblemKind.MALFORMED_REQUEST.with(message(cause));
        };
        request.response()
                .setStatusCode(problem.status())
                .putHeader("Content-Type", Problem.CONTENT_TYPE)
                .putHeader("Connection", "close")
                .end(problem.json())
                .onComplete(_ -> request.connection().close());
    }

    /** Whether the router can decode the address; it would refuse one it cannot in a form of its own. */
    static boolean canBeDecoded(HttpServerRequest request) {
        try {
            new QueryStringDecoder(request.uri()).parameters();
            return !QueryStringDecoder.decodeComponent(request.uri()).isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void enter(RoutingContext context) {
        Exchange.begin(context, registry, clock);
        doorkeeper.demandHost(context.request());
        context.next();
    }

    private void startBodyTimer(RoutingContext context) {
        long timer = vertx.setTimer(
                bodyWithin.toMillis(),
                _ -> context.fail(new ProblemException(
                        ProblemKind.BODY_TOO_SLOW.with("it was not there after " + bodyWithin.toMillis() + " ms"))));
        context.put(BODY_TIMER, timer);
        context.next();
    }

    private void stopBodyTimer(RoutingContext context) {
        vertx.cancelTimer(context.<Long>get(BODY_TIMER));
        String type = context.request().getHeader("Content-Type");
        boolean hasBody = context.body().length() > 0;
        if (hasBody && (type == null || !type.strip().toLowerCase(Locale.ROOT).startsWith("application/json"))) {
            throw ProblemKind.BODY_NOT_JSON.refusal("its Content-Type is " + (type == null ? "missing" : type));
        }
        context.next();
    }

    private static void refuseMethod(RoutingContext context, String path, List<String> allowed) {
        Exchange exchange = Exchange.of(context);
        exchange.route(path);
        Problem problem = ProblemKind.METHOD_NOT_ALLOWED.about(
                context.request().method().name(), "%s has %s".formatted(path, String.join(", ", allowed)));
        exchange.answer(Reply.of(problem).with("Allow", String.join(", ", allowed)));
    }

    private static void refusePath(RoutingContext context) {
        throw new ProblemException(ProblemKind.UNKNOWN_PATH.about(
                context.request().path(),
                "there is nothing at " + context.request().path()));
    }

    private void fail(RoutingContext context) {
        Long timer = context.get(BODY_TIMER);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
        Reply reply = Reply.of(problem(context));
        boolean unread = reply.status() == 413 || reply.status() == 408;
        Exchange.of(context).answer(unread ? reply.with("Connection", "close") : reply);
        if (unread) {
            vertx.setTimer(
                    READ_THE_ANSWER_WITHIN.toMillis(),
                    _ -> context.request().connection().close());
        }
    }

    private static Problem problem(RoutingContext context) {
        Throwable failure = context.failure();
        if (failure instanceof ProblemException refused) {
            return refused.problem();
        }
        return switch (context.statusCode()) {
            case 413 -> ProblemKind.BODY_TOO_LARGE.with("it is larger than " + LARGEST_BODY + " bytes");
            case 400 ->
                ProblemKind.MALFORMED_REQUEST.with(failure == null ? "the path is malformed" : message(failure));
            case 404 -> ProblemKind.UNKNOWN_PATH.with("there is nothing there");
            default -> bug(context, failure);
        };
    }

    private static Problem bug(RoutingContext context, Throwable failure) {
        LOG.error(
                "{} failed; the caller is told to report it", context.request().path(), failure);
        return Problem.of(Fault.of(FaultCode.BUG, String.valueOf(failure)));
    }

    private static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }

    /** From {@code /a/{b}} to the router's {@code /a/:b}. */
    private static String pattern(String path) {
        return path.replaceAll("\\{(\\w+)}", ":$1");
    }
}
