package io.viridian.cutover;

import io.viridian.plan.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that insert rows and remember which were acknowledged. They stay on their side, however often refused. */
final class Writers implements AutoCloseable {
    final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
    final AtomicInteger refusals = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Connection> connections = new ArrayList<>();
    private volatile boolean stopping;

    private Writers() {}

    static Writers on(Pair pair, Side side, int count, long firstId) throws SQLException {
        Writers writers = new Writers();
        for (int number = 0; number < count; number++) {
            Connection connection = pair.application(side);
            writers.connections.add(connection);
            long id = firstId + number * 1_000_000L;
            writers.threads.add(Thread.ofVirtual().name("writer-" + number).start(() -> writers.write(connection, id)));
        }
        return writers;
    }

    private void write(Connection connection, long firstId) {
        long id = firstId;
        try (PreparedStatement insert =
                connection.prepareStatement("insert into public.accounts (id, balance) values (?, 1)")) {
            while (!stopping) {
                try {
                    insert.setLong(1, id);
                    insert.execute();
                    acknowledged.add(id);
                } catch (SQLException refused) {
                    if (!"25006".equals(refused.getSQLState())) {
                        throw refused;
                    }
                    refusals.incrementAndGet();
                }
                id++;
            }
        } catch (SQLException ended) {
            // The connection was closed under it: what was not acknowledged is not counted.
            stopping = true;
        }
    }

    /** Afterwards every acknowledgement that came is counted. */
    void finish() throws InterruptedException {
        stopping = true;
        for (Thread thread : threads) {
            thread.join(5_000);
        }
    }

    @Override
    public void close() throws SQLException {
        stopping = true;
        for (Connection connection : connections) {
            connection.close();
        }
    }
}
