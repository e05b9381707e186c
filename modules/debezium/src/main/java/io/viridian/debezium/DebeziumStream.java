package io.viridian.debezium;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.feed.Change;
import io.viridian.feed.ChangeStream;
import io.viridian.feed.spool.SpooledTransaction;
import io.viridian.position.Lsn;
import io.viridian.postgres.Database;
import io.viridian.postgres.slot.SlotState;
import io.viridian.postgres.slot.Slots;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * One run of the engine. Its thread gathers transactions and hands them over through a bounded queue; ours polls. What
 * is confirmed is told to the engine with the next batch, of which heartbeats make several a second.
 */
final class DebeziumStream
        implements ChangeStream, DebeziumEngine.ChangeConsumer<RecordChangeEvent<SourceRecord>>, AutoCloseable {
    /** Transactions that are complete and wait; their changes are in the spool. */
    private static final int COMPLETE_MOST = 256;

    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);

    private final Database database;
    private final EngineConnections connections;
    private final EngineSettings settings;
    private final Lsn start;
    private final Records records;
    private final BlockingQueue<Records.Ended> complete = new ArrayBlockingQueue<>(COMPLETE_MOST);

    /** Ends of transactions that were handed over, oldest first; the engine's thread only. */
    private final Deque<Told> told = new ArrayDeque<>();

    private volatile @Nullable Thread thread;
    private volatile @Nullable Fault failure;
    private volatile Lsn received = Lsn.ZERO;
    private volatile Lsn confirmed = Lsn.ZERO;
    private volatile boolean closed;
    private @Nullable DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
    private SpooledTransaction.@Nullable Replay replay;
    private Lsn replayed = Lsn.ZERO;

    /** A record that, once processed, confirms everything before this end. */
    private record Told(Lsn end, RecordChangeEvent<SourceRecord> record) {}

    private DebeziumStream(
            Database database, EngineConnections connections, EngineSettings settings, Lsn start, Records records) {
        this.database = database;
        this.connections = connections;
        this.settings = settings;
        this.start = start;
        this.records = records;
    }

    /** @param start the slot's confirmed position, which must still be that when the engine reads from it */
    static ChangeStream open(
            Database database, EngineConnections connections, EngineSettings settings, Lsn start, Records records) {
        DebeziumStream stream = new DebeziumStream(database, connections, settings, start, records);
        stream.start();
        return stream;
    }

    private void start() {
        DebeziumEngine<RecordChangeEvent<SourceRecord>> created = DebeziumEngine.create(
                        ChangeEventFormat.of(Connect.class))
                .using(settings.properties())
                .using(this::ended)
                .using(new DebeziumEngine.ConnectorCallback() {
                    @Override
                    public void taskStarted() {
                        requireStart();
                    }
                })
                .notifying(this)
                .build();
        engine = created;
        Thread running = Thread.ofPlatform()
                .name("viridian-debezium-" + database.side().text())
                .daemon(true)
                .start(created);
        thread = running;
    }

    /** A slot that was made anew between our look and the engine's begins elsewhere. */
    private void requireStart() {
        try {
            Lsn now = database.query(session -> Slots.inspect(session, settings.slot()))
                    .map(SlotState::confirmed)
                    .orElse(Lsn.ZERO);
            if (!now.equals(start)) {
                failure = Fault.about(
                        FaultCode.SLOT_MOVED,
                        settings.slot(),
                        "slot " + settings.slot() + " was at " + start + " and is at " + now
                                + " as the engine debezium begins to read it");
            }
        } catch (FaultException unknown) {
            failure = unknown.fault();
        }
    }

    private void ended(boolean success, @Nullable String message, @Nullable Throwable error) {
        if (failure == null) {
            failure = fault(message, error);
        }
    }

    private Fault fault(@Nullable String message, @Nullable Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case FaultException known -> {
                    return known.fault();
                }
                case SQLException refused -> {
                    String state = refused.getSQLState() == null ? "" : refused.getSQLState();
                    return new Fault(code(state), detail(refused.getMessage()), settings.slot(), state);
                }
                case DataException notOurs -> {
                    return Fault.about(FaultCode.STREAM_UNEXPECTED, settings.slot(), detail(notOurs.getMessage()));
                }
                default -> {}
            }
        }
        return Fault.about(FaultCode.STREAM_BROKEN, settings.slot(), detail(message));
    }

    /** By SQLSTATE; class 42 is also what the driver says of a value that it cannot read. */
    private static FaultCode code(String state) {
        return switch (state) {
            case "55006" -> FaultCode.SLOT_IN_USE;
            case "42704", "55000" -> FaultCode.SLOT_LOST;
            default -> state.startsWith("42") ? FaultCode.STREAM_UNEXPECTED : FaultCode.STREAM_BROKEN;
        };
    }

    private String detail(@Nullable String message) {
        return database.side().text() + " ended the change stream of slot " + settings.slot() + " (engine debezium): "
                + message;
    }

    @Override
    public void handleBatch(
            List<RecordChangeEvent<SourceRecord>> batch,
            DebeziumEngine.RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException {
        connections.complete();
        if (failure == null && connections.missing()) {
            // The engine may have given an array as null and gone on, and would go on for ever.
            failure = Fault.about(
                    FaultCode.STREAM_BROKEN, settings.slot(), detail("a connection ended while it was reading"));
        }
        if (failure != null) {
            return;
        }
        for (RecordChangeEvent<SourceRecord> event : batch) {
            Records.Ended transaction = records.take(event.record());
            if (transaction != null) {
                hand(transaction);
                told.add(new Told(transaction.end(), event));
            }
        }
        Told last = null;
        while (!told.isEmpty() && !told.getFirst().end().isAfter(confirmed)) {
            last = told.removeFirst();
        }
        if (last != null) {
            committer.markProcessed(last.record());
        }
        committer.markBatchFinished();
    }

    private void hand(Records.Ended transaction) throws InterruptedException {
        while (!complete.offer(transaction, 100, TimeUnit.MILLISECONDS)) {
            if (closed) {
                throw new InterruptedException("the stream is closed");
            }
        }
    }

    @Override
    public @Nullable Change poll(Duration most) throws InterruptedException {
        Deadline end = Deadline.after(Clock.system(), most);
        while (true) {
            SpooledTransaction.Replay current = replay;
            Change change = current == null ? null : current.next();
            if (change != null) {
                return change;
            }
            if (current != null) {
                replay = null;
                received = Lsn.max(received, replayed);
            }
            Records.Ended next = complete.poll(end.remaining().toNanos(), TimeUnit.NANOSECONDS);
            if (next != null) {
                replay = next.replay();
                replayed = next.end();
                continue;
            }
            Fault why = failure;
            if (why != null) {
                throw why.asException();
            }
            return null;
        }
    }

    @Override
    public void confirm(Lsn durable) {
        confirmed = Lsn.max(confirmed, durable);
    }

    /** The engine answers the server from a thread of its own. */
    @Override
    public void stayAlive() {}

    @Override
    public Lsn received() {
        return received;
    }

    @Override
    public void close() {
        closed = true;
        Deadline by = Deadline.after(Clock.system(), CLOSE_WITHIN);
        Thread closing =
                Thread.ofPlatform().name("viridian-debezium-close").daemon(true).start(this::closeEngine);
        try {
            closing.join(by.remaining());
            Thread running = thread;
            if (running != null) {
                running.join(by.remaining());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        connections.close();
        for (Records.Ended left = complete.poll(); left != null; left = complete.poll()) {
            left.replay().close();
        }
        SpooledTransaction.Replay current = replay;
        if (current != null) {
            current.close();
        }
        records.close();
    }

    private void closeEngine() {
        DebeziumEngine<RecordChangeEvent<SourceRecord>> running = engine;
        if (running == null) {
            return;
        }
        Deadline by = Deadline.after(Clock.system(), CLOSE_WITHIN);
        Waiter waiter = new Waiter();
        while (!by.expired()) {
            try {
                running.close();
                return;
            } catch (IllegalStateException starting) {
                // It refuses while its task is starting, and when it has ended by itself.
                if (failure != null) {
                    return;
                }
            } catch (IOException broken) {
                return;
            }
            try {
                waiter.await(Duration.ofMillis(20));
            } catch (InterruptedException stopped) {
                return;
            }
        }
    }
}
