package io.viridian.bench;

import io.viridian.plan.Side;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Clients of the bank that find the side that takes writes, as the driver does with both addresses and {@code
 * targetServerType=primary}: whoever is refused connects anew and makes the same transaction again.
 */
final class Clients implements AutoCloseable {
    private static final int CLIENTS = 8;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final int LARGEST_AMOUNT = 5_000;
    private static final Duration BEFORE_ANOTHER_TRY = Duration.ofMillis(5);
    private static final Duration LAST_STEP = Duration.ofSeconds(20);

    private final Site site;
    private final int rows;
    private final Clock clock;
    private final List<Client> clients = new ArrayList<>();
    private final LongAdder refused = new LongAdder();
    private volatile boolean stopped;

    private Clients(Site site, int rows) {
        this.site = site;
        this.rows = rows;
        this.clock = site.patience().clock();
    }

    static Clients start(Site site, int rows, int perSecond) {
        Clients all = new Clients(site, rows);
        long interval = NANOS_PER_SECOND * CLIENTS / perSecond;
        for (int number = 0; number < CLIENTS; number++) {
            all.clients.add(all.new Client(number, interval));
        }
        all.clients.forEach(client -> client.thread.start());
        return all;
    }

    /** Transactions that are committed. */
    long written() {
        return clients.stream().mapToLong(client -> client.written.get()).sum();
    }

    /** Transactions that were refused, and connections. */
    long refused() {
        return refused.sum();
    }

    /** From here on the longest pause of each client counts anew. */
    void forgetPauses() {
        clients.forEach(client -> client.longestNanos.set(0));
    }

    /** The longest time between two commits of each client, in milliseconds, once each has committed again. */
    List<Double> pauses() throws SQLException, InterruptedException {
        List<Long> before = clients.stream().map(client -> client.written.get()).toList();
        site.patience().until("every client writes again", BEFORE_ANOTHER_TRY, () -> {
            for (int number = 0; number < clients.size(); number++) {
                if (clients.get(number).written.get() < before.get(number) + 2) {
                    return false;
                }
            }
            return true;
        });
        return clients.stream()
                .map(client -> client.longestNanos.get() / NANOS_PER_MILLI)
                .toList();
    }

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        PostgresServer blue = site.server(Side.BLUE);
        PostgresServer green = site.server(Side.GREEN);
        properties.setProperty("user", blue.superuser());
        properties.setProperty("targetServerType", "primary");
        // Else the driver remembers for ten seconds which side took no writes.
        properties.setProperty("hostRecheckSeconds", "0");
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "30");
        return DriverManager.getConnection(
                "jdbc:postgresql://%s:%d,%s:%d/%s"
                        .formatted(blue.host(), blue.port(), green.host(), green.port(), site.database()),
                properties);
    }

    private final class Client {
        private final SplittableRandom random;
        private final long interval;
        private final Thread thread;
        private final AtomicLong written = new AtomicLong();
        private final AtomicLong longestNanos = new AtomicLong();
        private final Waiter waiter = new Waiter();
        private @Nullable Connection connection;
        private @Nullable PreparedStatement transact;
        private long lastCommit;

        Client(int number, long interval) {
            this.random = new SplittableRandom(number);
            this.interval = interval;
            this.thread =
                    Thread.ofPlatform().name("client-" + number).daemon(true).unstarted(this::work);
        }

        private void work() {
            try {
                long due = clock.nanoTime() + random.nextLong(interval);
                while (!stopped) {
                    long early = due - clock.nanoTime();
                    if (early > 0) {
                        waiter.await(Duration.ofNanos(early));
                    }
                    due = Math.max(due + interval, clock.nanoTime() - NANOS_PER_SECOND);
                    one();
                }
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            } finally {
                disconnect();
            }
        }

        /** Makes one transaction, however often it takes. */
        private void one() throws InterruptedException {
            int teller = 1 + random.nextInt(Volume.branches(rows) * Volume.TELLERS_OF_A_BRANCH);
            long account = 1L + random.nextInt(rows);
            int amount = random.nextInt(-LARGEST_AMOUNT, LARGEST_AMOUNT);
            while (!stopped && !tried(account, teller, amount)) {
                refused.increment();
                disconnect();
                waiter.await(BEFORE_ANOTHER_TRY);
            }
        }

        private boolean tried(long account, int teller, int amount) {
            try {
                PreparedStatement statement = prepared();
                statement.setLong(1, account);
                statement.setInt(2, teller);
                statement.setInt(3, 1 + (teller - 1) / Volume.TELLERS_OF_A_BRANCH);
                statement.setInt(4, amount);
                statement.execute();
            } catch (SQLException refusedOrLost) {
                return false;
            }
            long now = clock.nanoTime();
            if (written.getAndIncrement() > 0) {
                longestNanos.accumulateAndGet(now - lastCommit, Math::max);
            }
            lastCommit = now;
            return true;
        }

        private PreparedStatement prepared() throws SQLException {
            PreparedStatement ready = transact;
            if (ready == null) {
                Connection opened = connect();
                connection = opened;
                ready = opened.prepareStatement("select bench.transact(?, ?, ?, ?)");
                transact = ready;
            }
            return ready;
        }

        private void disconnect() {
            transact = null;
            Connection old = connection;
            connection = null;
            if (old != null) {
                try {
                    old.close();
                } catch (SQLException alreadyDead) {
                    refused.increment();
                }
            }
        }
    }

    @Override
    public void close() {
        stopped = true;
        Deadline by = Deadline.after(clock, LAST_STEP);
        try {
            for (Client client : clients) {
                client.thread.join(by.remaining());
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }
}
