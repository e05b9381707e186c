package io.viridian.daemon.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Bounds what strangers can hold open: the number of connections, and the time until one asks something. */
final class Connections {
    static final int MOST = 1_024;

    private final Vertx vertx;
    private final Duration firstRequestWithin;
    private final AtomicInteger open = new AtomicInteger();
    private final Set<HttpConnection> silent = ConcurrentHashMap.newKeySet();

    /**
     * Bounds the connections of one server.
     *
     * @param firstRequestWithin a connection that has not sent a whole request head by then is closed
     */
    Connections(Vertx vertx, Duration firstRequestWithin) {
        this.vertx = vertx;
        this.firstRequestWithin = firstRequestWithin;
    }

    void opened(HttpConnection connection) {
        silent.add(connection);
        connection.closeHandler(_ -> {
            open.decrementAndGet();
            silent.remove(connection);
        });
        if (open.incrementAndGet() > MOST) {
            connection.close();
            return;
        }
        vertx.setTimer(firstRequestWithin.toMillis(), _ -> {
            if (silent.remove(connection)) {
                connection.close();
            }
        });
    }

    void asked(HttpServerRequest request) {
        silent.remove(request.connection());
    }
}
