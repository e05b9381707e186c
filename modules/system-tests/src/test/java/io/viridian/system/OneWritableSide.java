package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.plan.Side;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at both sides all the time, past the daemon and its network, and remembers every moment in which both took
 * writes. Two servers cannot be asked at once, so one is asked after the other: a side that is open now although the
 * other was opened with a higher epoch before is open at the same time as that one was.
 */
final class OneWritableSide implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OneWritableSide.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);
    private static final Duration RECONNECT = Duration.ofMillis(100);

    private final Rig rig;
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicLong opens = new AtomicLong();

    private OneWritableSide(Rig rig) {
        this.rig = rig;
        this.thread = Thread.ofPlatform().name("one-writable-side").daemon(true).unstarted(this::watch);
    }

    static OneWritableSide watching(Rig rig) {
        OneWritableSide watch = new OneWritableSide(rig);
        watch.thread.start();
        return watch;
    }

    private record Seen(long epoch, boolean open) {}

    private void watch() {
        try {
            while (!stop.await(RECONNECT.toMillis(), TimeUnit.MILLISECONDS)) {
                lookWhileBothAnswer();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns when a server is gone, or the ownership rows are not there yet. */
    private void lookWhileBothAnswer() throws InterruptedException {
        try (Connection blue = rig.connect(Side.BLUE);
                Connection green = rig.connect(Side.GREEN)) {
            do {
                look(Side.BLUE, blue, green);
                look(Side.GREEN, green, blue);
            } while (!stop.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS));
        } catch (SQLException gone) {
            LOG.debug("looks again later", gone);
        }
    }

    private void look(Side first, Connection one, Connection other) throws SQLException {
        Optional<Seen> before = ask(first, one);
        Optional<Seen> after = ask(first.other(), other);
        if (before.filter(Seen::open).isPresent()) {
            opens.incrementAndGet();
        }
        boolean both = before.isPresent()
                && after.isPresent()
                && before.get().open()
                && after.get().open()
                && after.get().epoch() < before.get().epoch();
        if (both) {
            violations.add("%s was open with %s, and then %s with %s"
                    .formatted(first, before.get(), first.other(), after.get()));
        }
    }

    /** What the guard's function does and what the row says, which change in the same commit. */
    private Optional<Seen> ask(Side side, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                select o.epoch, o.owner = '%1$s' and o.state = 'OPEN'
                       and (select prosrc not like '%%raise%%' from pg_proc
                            where proname = 'guard' and pronamespace = 'viridian'::regnamespace)
                from viridian.ownership o where o.migration = '%2$s'
                """.formatted(side.text(), rig.migration))) {
            return row.next() ? Optional.of(new Seen(row.getLong(1), row.getBoolean(2))) : Optional.empty();
        }
    }

    /** Fails when both were writable at any time so far, or when nobody looked. */
    void assertKept() {
        assertThat(opens.get()).as("looks at a side that was open").isPositive();
        assertThat(violations).isEmpty();
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join(10_000);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
