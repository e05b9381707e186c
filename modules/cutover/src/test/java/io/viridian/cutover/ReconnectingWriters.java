package io.viridian.cutover;

import io.viridian.plan.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that connect anew all the time and insert a row or two each time, and remember which were acknowledged. They
 * stay on their side, whatever happens to their sessions.
 */
final class ReconnectingWriters implements AutoCloseable {
    final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();

    /** By SQLSTATE 25006: the session was read-only. */
    final AtomicInteger refusals = new AtomicInteger();

    /** Ended in the middle. */
    final AtomicInteger ended = new AtomicInteger();

    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    private ReconnectingWriters() {}

    static ReconnectingWriters on(Pair pair, Side side, int count) {
        ReconnectingWriters writers = new ReconnectingWriters();
        for (int number = 0; number < count; number++) {
            long firstId = 1_000_000L * (number + 1);
            writers.threads.add(Thread.ofPlatform()
                    .name("reconnecting-writer-" + number)
                    .daemon(true)
                    .start(() -> writers.write(pair, side, firstId)));
        }
        return writers;
    }

    private void write(Pair pair, Side side, long firstId) {
        long id = firstId;
        while (!stopping) {
            try (Connection connection = pair.application(side);
                    Statement insert = connection.createStatement()) {
                for (int row = 0; row < 2; row++) {
                    id++;
                    insert.execute("insert into public.accounts (id, balance) values (" + id + ", 1)");
                    acknowledged.add(id);
                }
            } catch (SQLException refused) {
                ("25006".equals(refused.getSQLState()) ? refusals : ended).incrementAndGet();
            }
        }
    }

    /** Afterwards every acknowledgement that came is counted. */
    void finish() throws InterruptedException {
        stopping = true;
        for (Thread thread : threads) {
            thread.join(10_000);
        }
    }

    @Override
    public void close() {
        stopping = true;
    }
}
