package io.viridian.demo;

import io.viridian.time.Clock;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The shop's clients at work, and what they find when they look after their orders. */
final class ShopClients implements AutoCloseable {
    /** Two for two cores; the bank's clients are there as well. */
    static final int CLIENTS = 2;

    private static final Duration EVERY = Duration.ofMillis(25);
    private static final Duration LAST_STEPS = Duration.ofSeconds(20);

    private final List<ShopWriter> writers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    static ShopClients start(ShopAddress address, int customers, Clock clock) {
        ShopClients clients = new ShopClients();
        for (int number = 1; number <= CLIENTS; number++) {
            ShopWriter writer = new ShopWriter(number, address, customers, EVERY, clock);
            clients.writers.add(writer);
            Thread thread = Thread.ofPlatform()
                    .name("shop-" + number)
                    .daemon(true)
                    .uncaughtExceptionHandler((_, death) -> writer.ledger().surprise("client died: " + death))
                    .unstarted(writer);
            clients.threads.add(thread);
            thread.start();
        }
        return clients;
    }

    /** Transactions that were acknowledged so far. */
    long acknowledged() {
        return writers.stream()
                .mapToLong(writer -> writer.ledger().acknowledged())
                .sum();
    }

    /** The write pause within the interval, as the unluckiest client saw it. */
    Duration longestPause(long fromNanos, long toNanos) {
        return Duration.ofNanos(writers.stream()
                .mapToLong(writer -> writer.ledger().longestGapNanos(fromNanos, toNanos))
                .max()
                .orElse(0));
    }

    @Override
    public void close() {
        writers.forEach(ShopWriter::stop);
        for (Thread thread : threads) {
            try {
                thread.join(LAST_STEPS);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Compares every order of these clients with what they were promised; close first. */
    ShopReport check(Connection owner, ShopWords words) throws SQLException {
        ShopReport.Tally tally =
                new ShopReport.Tally(writers.stream().map(ShopWriter::ledger).toList());
        try (Statement statement = owner.createStatement();
                ResultSet rows = statement.executeQuery(words.allOrders())) {
            while (rows.next()) {
                tally.found(
                        rows.getString(1),
                        new ShopReport.Found(rows.getLong(2), rows.getLong(3), rows.getString(4), rows.getLong(5)));
            }
        }
        return tally.report();
    }
}
