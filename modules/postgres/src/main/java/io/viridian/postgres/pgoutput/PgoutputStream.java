package io.viridian.postgres.pgoutput;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.feed.Change;
import io.viridian.feed.ChangeStream;
import io.viridian.position.Lsn;
import io.viridian.postgres.Database;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/** One open replication connection. Closing it frees the slot; what was not confirmed comes again. */
final class PgoutputStream implements ChangeStream {
    /** Between two looks at an idle socket: adds at most this much to the lag, costs about 1 % of a core. */
    private static final Duration IDLE = Duration.ofNanos(500_000);

    /** Far below wal_sender_timeout (60 s), often enough that the server frees WAL steadily. */
    private static final int STATUS_SECONDS = 1;

    private final Database database;
    private final String slot;
    private final Connection connection;
    private final PGReplicationStream stream;
    private final Waiter idle = new Waiter();
    private final PgoutputDecoder decoder = new PgoutputDecoder();
    private volatile Lsn received = Lsn.ZERO;
    private volatile Lsn confirmed = Lsn.ZERO;

    private PgoutputStream(Database database, String slot, Connection connection, PGReplicationStream stream) {
        this.database = database;
        this.slot = slot;
        this.connection = connection;
        this.stream = stream;
    }

    static ChangeStream open(Database database, String slot, String publication) {
        Connection connection = database.openReplication("stream");
        try {
            PGReplicationStream stream = connection
                    .unwrap(PGConnection.class)
                    .getReplicationAPI()
                    .replicationStream()
                    .logical()
                    .withSlotName(slot)
                    .withSlotOption("proto_version", 1)
                    .withSlotOption("publication_names", '"' + publication.replace("\"", "\"\"") + '"')
                    .withSlotOption("messages", true)
                    .withStatusInterval(STATUS_SECONDS, TimeUnit.SECONDS)
                    // Else the driver confirms what a keepalive names as soon as the last message lies before what we
                    // confirmed, as the first messages of a long transaction do: past transactions not applied yet.
                    .withAutomaticFlush(false)
                    .start();
            return new PgoutputStream(database, slot, connection, stream);
        } catch (SQLException failure) {
            closeQuietly(connection);
            throw failure(database, slot, failure);
        }
    }

    @Override
    public @Nullable Change poll(Duration most) throws InterruptedException {
        Deadline end = Deadline.after(Clock.system(), most);
        while (true) {
            ByteBuffer message = pending();
            if (message != null) {
                Change change = decoder.decode(message);
                if (change != null) {
                    return change;
                }
            } else if (end.expired()) {
                return null;
            } else {
                idle.await(IDLE);
            }
        }
    }

    private @Nullable ByteBuffer pending() {
        try {
            ByteBuffer message = stream.readPending();
            LogSequenceNumber last = stream.getLastReceiveLSN();
            if (last != null) {
                received = new Lsn(last.asLong());
            }
            return message;
        } catch (SQLException failure) {
            throw failure(database, slot, failure);
        }
    }

    @Override
    public void confirm(Lsn durable) {
        if (durable.isAfter(confirmed)) {
            confirmed = durable;
            LogSequenceNumber position = LogSequenceNumber.valueOf(durable.value());
            stream.setFlushedLSN(position);
            stream.setAppliedLSN(position);
        }
    }

    @Override
    public void stayAlive() {
        try {
            stream.forceUpdateStatus();
        } catch (SQLException failure) {
            throw failure(database, slot, failure);
        }
    }

    @Override
    public Lsn received() {
        return received;
    }

    @Override
    public void close() {
        closeQuietly(connection);
    }

    private static void closeQuietly(Connection connection) {
        try {
            // Not stream.close(): it waits for the server to end the copy, which takes as long as the backlog is.
            connection.abort(Runnable::run);
        } catch (SQLException alreadyDead) {
            assert alreadyDead != null;
        }
    }

    private static FaultException failure(Database database, String slot, SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        FaultCode code = switch (state) {
            case "55006" -> FaultCode.SLOT_IN_USE;
            case "42704", "55000" -> FaultCode.SLOT_LOST;
            default -> FaultCode.STREAM_BROKEN;
        };
        String detail =
                database.side().text() + " ended the change stream of slot " + slot + ": " + failure.getMessage();
        return new Fault(code, detail, slot, state).asException(failure);
    }
}
