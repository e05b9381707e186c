package io.viridian.daemon.http;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.viridian.control.MigrationControl;
import io.viridian.control.MigrationEvent;
import io.viridian.fault.FaultException;
import io.viridian.time.Clock;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Events as they happen, as Server-Sent Events whose ids are the events' numbers. One virtual thread per listener. */
final class EventStream {
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    /** Each listener costs a thread and asks the control four times a second. */
    static final int MOST_LISTENERS = 64;

    private static final int BATCH = 100;
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    /** Below the time after which proxies commonly cut a silent connection. */
    private static final Duration SAY_SOMETHING_EVERY = Duration.ofSeconds(15);

    private final MigrationControl control;
    private final Clock clock;
    private final Duration patience;
    private final BooleanSupplier stopping;
    private final Semaphore places = new Semaphore(MOST_LISTENERS);
    private final Waiter waiter = new Waiter();

    /**
     * Makes the stream.
     *
     * @param patience how long one write may take before the listener is cut off
     */
    EventStream(MigrationControl control, Clock clock, Duration patience, BooleanSupplier stopping) {
        this.control = control;
        this.clock = clock;
        this.patience = patience;
        this.stopping = stopping;
    }

    /** Begins to serve one listener. */
    void open(RoutingContext context, Vertx vertx, ExecutorService workers) {
        long after = after(context);
        if (!places.tryAcquire()) {
            throw ProblemKind.TOO_MANY_REQUESTS.refusal(MOST_LISTENERS + " listeners are connected");
        }
        Exchange.of(context).prepare(200);
        HttpServerResponse response = context.response();
        response.setChunked(true).putHeader("Content-Type", "text/event-stream");
        Context eventLoop = vertx.getOrCreateContext();
        workers.execute(() -> {
            try {
                serve(new Listener(context, eventLoop), after);
            } finally {
                places.release();
            }
        });
    }

    /** Lets the listeners notice at once that the server stops. */
    void wake() {
        waiter.wake();
    }

    private void serve(Listener listener, long from) {
        try {
            long after = known(from);
            listener.write("retry: 2000\n\n");
            long spoke = clock.nanoTime();
            while (!stopping.getAsBoolean() && !listener.gone()) {
                List<MigrationEvent> batch = control.events(after, BATCH);
                if (!batch.isEmpty()) {
                    listener.write(text(batch));
                    after = batch.getLast().number();
                    spoke = clock.nanoTime();
                } else if (clock.since(spoke).compareTo(SAY_SOMETHING_EVERY) > 0) {
                    listener.write(": still here\n\n");
                    spoke = clock.nanoTime();
                } else {
                    waiter.await(LOOK_EVERY);
                }
            }
            listener.end();
        } catch (FaultException e) {
            LOG.info("a listener is sent away, it may come back: {}", e.getMessage());
            listener.end();
        } catch (TimeoutException e) {
            LOG.info("a listener took nothing for {} and is cut off", patience);
            listener.cut();
        } catch (ExecutionException e) {
            LOG.debug("a listener went away", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            listener.cut();
        }
    }

    /** A number beyond the last event is from before the counting began anew; its listener has seen nothing of this. */
    private long known(long after) {
        return after > 0 && control.events(after - 1, 1).isEmpty() ? 0 : after;
    }

    private static long after(RoutingContext context) {
        String last = context.request().getHeader("Last-Event-ID");
        String text = last != null ? last : context.request().getParam("since", "0");
        try {
            return Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw new ProblemException(ProblemKind.MALFORMED_REQUEST.about(
                    last != null ? "Last-Event-ID" : "since", "'%s' is not the number of an event".formatted(text)));
        }
    }

    private static String text(List<MigrationEvent> events) {
        StringBuilder text = new StringBuilder();
        for (MigrationEvent event : events) {
            text.append("id: ")
                    .append(event.number())
                    .append("\ndata: ")
                    .append(Json.document(json -> ProofJson.event(json, event)))
                    .append("\n\n");
        }
        return text.toString();
    }

    /** One connection, written to from a virtual thread and waited for, so that a slow client slows only itself. */
    private final class Listener {
        private final RoutingContext context;
        private final Context eventLoop;

        Listener(RoutingContext context, Context eventLoop) {
            this.context = context;
            this.eventLoop = eventLoop;
        }

        boolean gone() {
            return context.response().closed();
        }

        void write(String text) throws InterruptedException, ExecutionException, TimeoutException {
            Promise<Void> written = Promise.promise();
            eventLoop.runOnContext(_ -> context.response().write(text).onComplete(written));
            written.future().toCompletionStage().toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        }

        void end() {
            eventLoop.runOnContext(_ -> {
                if (!gone()) {
                    context.response().end();
                }
            });
        }

        void cut() {
            eventLoop.runOnContext(_ -> context.request().connection().close());
        }
    }
}
