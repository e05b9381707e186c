package io.viridian.replication.lane;

import io.viridian.fault.Ambiguity;
import io.viridian.fault.FaultException;
import io.viridian.feed.Marker;
import io.viridian.postgres.Database;
import io.viridian.time.Clock;
import io.viridian.time.Waiter;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Emits a marker on one side at a steady pace, so that lag can be told in time and a quiet source's slot moves on. A
 * beat that fails is not made up for: the next one says the same.
 */
public final class Heartbeat implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    private final Database source;
    private final String migration;
    private final Duration every;
    private final Clock clock;
    private final Waiter waiter = new Waiter();
    private final Thread thread;
    private volatile boolean stopping;

    public Heartbeat(Database source, String migration, Duration every, Clock clock) {
        this.source = source;
        this.migration = migration;
        this.every = every;
        this.clock = clock;
        this.thread = Thread.ofPlatform()
                .name("viridian-heartbeat-" + source.side().text())
                .daemon(true)
                .unstarted(this::beat);
    }

    public void start() {
        thread.start();
    }

    private void beat() {
        boolean failing = false;
        while (!stopping) {
            try {
                Markers.emit(source, migration, Marker.Kind.HEARTBEAT, clock);
                failing = false;
            } catch (FaultException | Ambiguity failure) {
                if (!failing && !stopping) {
                    LOG.warn(
                            "no heartbeat on {}: {}; tried again every {} ms",
                            source.side().text(),
                            failure.getMessage(),
                            every.toMillis());
                }
                failing = true;
            }
            try {
                waiter.await(every);
            } catch (InterruptedException stopped) {
                return;
            }
        }
    }

    @Override
    public void close() {
        stopping = true;
        waiter.wake();
        thread.interrupt();
        try {
            thread.join(5_000);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
