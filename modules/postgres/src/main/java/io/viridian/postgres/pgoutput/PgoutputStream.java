package io.viridian.postgres.pgoutput;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.feed.Change;
import io.viridian.feed.ChangeStream;
import io.viridian.position.Lsn;
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

    private final PgoutputSource source;
    private final Connection connection;
    private final PGReplicationStream stream;
    private final Waiter idle = new Waiter();

    /** Locked while it works, because closing takes its files away. */
    private final Transactions transactions;

    private volatile Lsn received = Lsn.ZERO;
    private volatile Lsn confirmed = Lsn.ZERO;
    private volatile boolean closed;

    private PgoutputStream(
            PgoutputSource source, Connection connection, PGReplicationStream stream, Transactions transactions) {
        this.source = source;
        this.connection = connection;
        this.stream = stream;
        this.transactions = transactions;
    }

    static ChangeStream open(PgoutputSource source, Transactions transactions) {
        Connection connection = source.database().openReplication("stream");
        try {
            PGReplicationStream stream = connection
                    .unwrap(PGConnection.class)
                    .getReplicationAPI()
                    .replicationStream()
                    .logical()
                    .withSlotName(source.slot())
                    .withSlotOption("proto_version", 2)
                    .withSlotOption("streaming", source.whileOpen())
                    .withSlotOption(
                            "publication_names", '"' + source.publication().replace("\"", "\"\"") + '"')
                    .withSlotOption("messages", true)
                    .withStatusInterval(STATUS_SECONDS, TimeUnit.SECONDS)
                    // Else the driver confirms what a keepalive names as soon as the last message lies before what we
                    // confirmed, as the first messages of a long transaction do: past transactions not applied yet.
                    .withAutomaticFlush(false)
                    .start();
            return new PgoutputStream(source, connection, stream, transactions);
        } catch (SQLException failure) {
            closeQuietly(connection);
            throw failure(source, failure);
        }
    }

    @Override
    public @Nullable Change poll(Duration most) throws InterruptedException {
        Deadline end = Deadline.after(Clock.system(), most);
        while (true) {
            Change change = change();
            if (change != null) {
                return change;
            }
            ByteBuffer message = pending();
            if (message != null) {
                take(message);
                change = change();
                if (change != null) {
                    return change;
                }
            }
            // Also between messages: a transaction that is sent while open may keep coming for minutes.
            if (end.expired()) {
                return null;
            }
            if (message == null) {
                idle.await(IDLE);
            }
        }
    }

    private @Nullable Change change() {
        synchronized (transactions) {
            requireOpen();
            return transactions.next();
        }
    }

    private void take(ByteBuffer message) {
        synchronized (transactions) {
            requireOpen();
            try {
                transactions.take(message);
            } catch (FaultException failure) {
                if (failure.code() == FaultCode.SPOOL_FAILED) {
                    source.spoolFailed();
                }
                throw failure;
            }
        }
    }

    private void requireOpen() {
        if (closed) {
            throw Fault.about(FaultCode.STREAM_BROKEN, source.slot(), "the change stream was closed")
                    .asException();
        }
    }

    private @Nullable ByteBuffer pending() {
        try {
            ByteBuffer message = stream.readPending();
            LogSequenceNumber last = stream.getLastReceiveLSN();
            if (last != null) {
                // A transaction that is sent while open names places before commits that were sent already.
                received = Lsn.max(received, new Lsn(last.asLong()));
            }
            return message;
        } catch (SQLException failure) {
            throw failure(source, failure);
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
            throw failure(source, failure);
        }
    }

    @Override
    public Lsn received() {
        return received;
    }

    @Override
    public void close() {
        closed = true;
        closeQuietly(connection);
        synchronized (transactions) {
            transactions.close();
        }
    }

    private static void closeQuietly(Connection connection) {
        try {
            // Not stream.close(): it waits for the server to end the copy, which takes as long as the backlog is.
            connection.abort(Runnable::run);
        } catch (SQLException alreadyDead) {
            assert alreadyDead != null;
        }
    }

    private static FaultException failure(PgoutputSource source, SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        FaultCode code = switch (state) {
            case "55006" -> FaultCode.SLOT_IN_USE;
            case "42704", "55000" -> FaultCode.SLOT_LOST;
            default -> FaultCode.STREAM_BROKEN;
        };
        String detail = source.database().side().text() + " ended the change stream of slot " + source.slot() + ": "
                + failure.getMessage();
        return new Fault(code, detail, source.slot(), state).asException(failure);
    }
}
