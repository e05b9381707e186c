package io.viridian.daemon.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.viridian.fault.Ambiguity;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries a request from its event loop to a virtual thread and the answer back. */
final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /** Long polls included; more than any room of operators and their dashboards needs. */
    static final int MOST_AT_ONCE = 256;

    private final Vertx vertx;
    private final Doorkeeper doorkeeper;
    private final ExecutorService workers;
    private final BooleanSupplier stopping;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);

    Dispatcher(Vertx vertx, Doorkeeper doorkeeper, ExecutorService workers, BooleanSupplier stopping) {
        this.vertx = vertx;
        this.doorkeeper = doorkeeper;
        this.workers = workers;
        this.stopping = stopping;
    }

    void dispatch(RoutingContext context, Endpoint endpoint) {
        Exchange exchange = Exchange.of(context);
        exchange.route(endpoint.path());
        Optional<Caller> caller = doorkeeper.admit(context.request(), endpoint.access());
        Call call = call(context, caller);
        if (endpoint.path().equals(Api.LIVENESS)) {
            exchange.answer(ProbeAnswers.live(call));
            return;
        }
        if (!places.tryAcquire()) {
            throw ProblemKind.TOO_MANY_REQUESTS.refusal(MOST_AT_ONCE + " requests are under way");
        }
        Context eventLoop = vertx.getOrCreateContext();
        workers.execute(() -> {
            try {
                Reply reply = answer(endpoint, call);
                eventLoop.runOnContext(_ -> exchange.answer(reply));
            } finally {
                places.release();
            }
        });
    }

    /** Everything that can go wrong becomes an answer here. */
    private Reply answer(Endpoint endpoint, Call call) {
        try {
            return endpoint.answer().to(call);
        } catch (ProblemException e) {
            return Reply.of(e.problem());
        } catch (FaultException e) {
            return Reply.of(Problem.of(e.fault()));
        } catch (Ambiguity e) {
            LOG.warn("{}: the outcome is not known: {}", endpoint.path(), e.getMessage());
            return Reply.of(Problem.of(Fault.of(FaultCode.OUTCOME_UNKNOWN, String.valueOf(e.getMessage()))));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Reply.of(ProblemKind.STOPPING.with("the request was not carried out"));
        } catch (RuntimeException e) {
            LOG.error("{} failed; the caller is told to report it", endpoint.path(), e);
            return Reply.of(Problem.of(Fault.of(FaultCode.BUG, e.toString())));
        }
    }

    private Call call(RoutingContext context, Optional<Caller> caller) {
        HttpServerRequest request = context.request();
        Map<String, String> query = new HashMap<>();
        context.queryParams().forEach(entry -> query.putIfAbsent(entry.getKey(), entry.getValue()));
        Map<String, String> headers = new HashMap<>();
        request.headers()
                .forEach(entry -> headers.merge(
                        entry.getKey().toLowerCase(Locale.ROOT), entry.getValue(), (one, other) -> one + ", " + other));
        String body = context.body().asString();
        return new Call(
                context.pathParams(),
                query,
                headers,
                body == null ? "" : body,
                caller,
                () -> stopping.getAsBoolean() || context.response().closed());
    }
}
