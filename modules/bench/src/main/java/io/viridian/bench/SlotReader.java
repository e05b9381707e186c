package io.viridian.bench;

import io.viridian.plan.Side;
import io.viridian.postgres.ReadAheadSockets;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/** A slot that is read as fast as the server decodes, and nothing done with it: nobody who applies can be faster. */
final class SlotReader {
    private static final Duration IDLE = Duration.ofNanos(500_000);
    private static final String SLOT = "reader";

    private final Site site;

    SlotReader(Site site) {
        this.site = site;
    }

    /** From here on the server keeps what is to be read. */
    void create() throws SQLException {
        site.execute(Side.BLUE, "create publication reader for all tables");
        site.execute(
                Side.BLUE,
                "select pg_create_logical_replication_slot('%s_%s', 'pgoutput')".formatted(SLOT, site.database()));
    }

    /** Forgets what was read, so that the next reading begins with what comes from here on. */
    void startAnew() throws SQLException, InterruptedException {
        String slot = SLOT + "_" + site.database();
        try (Connection blue = site.connect(Side.BLUE)) {
            site.patience()
                    .until("nobody reads the slot", Duration.ofMillis(20), () -> Site.holds(blue, """
            select not active from pg_replication_slots where slot_name = '%s'
            """.formatted(slot)));
        }
        site.execute(Side.BLUE, "select pg_drop_replication_slot('%s')".formatted(slot));
        site.execute(Side.BLUE, "select pg_create_logical_replication_slot('%s', 'pgoutput')".formatted(slot));
    }

    /** Reads up to the transaction of the last marker; how long that took. */
    Duration readAll() throws SQLException, InterruptedException {
        int last = Integer.parseUnsignedInt(site.ask(Side.BLUE, "select xmin from marker order by id desc limit 1"));
        Clock clock = site.patience().clock();
        long began = clock.nanoTime();
        try (Connection connection = replicating();
                PGReplicationStream stream = connection
                        .unwrap(PGConnection.class)
                        .getReplicationAPI()
                        .replicationStream()
                        .logical()
                        .withSlotName(SLOT + "_" + site.database())
                        .withSlotOption("proto_version", 1)
                        .withSlotOption("publication_names", "reader")
                        .withStatusInterval(1, TimeUnit.SECONDS)
                        .start()) {
            read(stream, last, Deadline.after(clock, site.patience().limit()));
            return clock.since(began);
        }
    }

    private void read(PGReplicationStream stream, int last, Deadline by) throws SQLException, InterruptedException {
        Waiter idle = new Waiter();
        boolean within = false;
        while (!by.expired()) {
            ByteBuffer message = stream.readPending();
            if (message == null) {
                idle.await(IDLE);
                continue;
            }
            // Begin: final place, time, transaction; commit: flags, its own place, the place after it (manual 18,
            // section 54.9).
            int kind = message.get();
            if (kind == 'B') {
                within = message.getInt(message.position() + 2 * Long.BYTES) == last;
            } else if (kind == 'C') {
                stream.setFlushedLSN(LogSequenceNumber.valueOf(message.getLong(message.position() + 1 + Long.BYTES)));
                if (within) {
                    return;
                }
            }
        }
        throw new BenchFailure("the slot was not read to its end in time");
    }

    private Connection replicating() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", site.server(Side.BLUE).superuser());
        properties.setProperty("replication", "database");
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("assumeMinServerVersion", "14");
        properties.setProperty("socketFactory", ReadAheadSockets.class.getName());
        return DriverManager.getConnection(site.server(Side.BLUE).jdbcUrl(site.database()), properties);
    }
}
