package io.viridian.verification;

import io.viridian.fault.FaultException;
import io.viridian.feed.Change;
import io.viridian.feed.ChangeStream;
import io.viridian.feed.Tuple;
import io.viridian.feed.spool.SpoolSpace;
import io.viridian.plan.Direction;
import io.viridian.plan.Sql;
import io.viridian.plan.TableName;
import io.viridian.position.Lsn;
import io.viridian.postgres.Session;
import io.viridian.postgres.pgoutput.PgoutputSource;
import io.viridian.postgres.slot.Publications;
import io.viridian.postgres.slot.Slots;
import io.viridian.time.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A lane that applies blue's transactions to green as they are, one by one, statement by statement. Whoever holds the
 * gate moves it: its own thread, or the thread that holds the lane.
 */
final class StreamLane extends StillLane implements AutoCloseable {
    private record Transaction(Lsn commit, List<String> statements, Map<TableName, List<List<String>>> keys) {}

    private final TestPair pair;
    private final String slot = "lane_" + UUID.randomUUID().toString().replace("-", "");
    private final ReentrantLock gate = new ReentrantLock(true);
    private final Deque<Transaction> waiting = new ArrayDeque<>();
    private final List<String> open = new ArrayList<>();
    private final Map<TableName, List<List<String>>> keys = new HashMap<>();
    private final AtomicLong applied = new AtomicLong();
    private final Session green;
    private final ChangeStream stream;
    private final Thread thread;
    private Lsn commit = Lsn.ZERO;
    private String lastMessage = "";
    private volatile boolean stopped;
    private volatile @Nullable Throwable failure;

    StreamLane(TestPair pair, Collection<TableName> tables) {
        super(Direction.FORWARD);
        this.pair = pair;
        pair.blue.run(session -> Publications.create(session, "lane", tables));
        pair.blue.run(session -> Slots.create(session, slot));
        this.green = pair.green.open("lane");
        this.stream = new PgoutputSource(
                        pair.blue, slot, "lane", Set.of(), new SpoolSpace(Path.of("/dev/null/nowhere"), 1L << 20))
                .open();
        this.thread = Thread.ofVirtual().name("lane").start(this::run);
    }

    long applied() {
        return applied.get();
    }

    private void run() {
        try {
            while (!stopped) {
                gate.lock();
                try {
                    step(new Lsn(-1));
                } finally {
                    gate.unlock();
                }
            }
        } catch (InterruptedException | FaultException | AssertionError broken) {
            failure = broken;
        }
    }

    /** Applies what waits and lies before the limit, and takes one more change from the stream. */
    private void step(Lsn limit) throws InterruptedException {
        while (!waiting.isEmpty() && waiting.getFirst().commit().isBefore(limit)) {
            Transaction next = waiting.removeFirst();
            green.transaction(() -> next.statements().forEach(green::execute));
            touched.ifPresent(_ -> touch(next.keys()));
            applied.incrementAndGet();
        }
        Change change = stream.poll(Duration.ofMillis(5));
        switch (change) {
            case null -> {}
            case Change.Begin begin -> commit = begin.commitLsn();
            case Change.Insert insert -> {
                open.add(insert(insert.table(), insert.row()));
                key(insert.table(), insert.row());
            }
            case Change.Update update -> {
                open.add(update(update.table(), update.row()));
                key(update.table(), update.row());
            }
            case Change.Delete delete -> {
                open.add(delete(delete.table(), delete.old()));
                key(delete.table(), delete.old());
            }
            case Change.Truncate truncate ->
                open.add("truncate "
                        + truncate.tables().stream()
                                .map(table -> table.name().sql())
                                .collect(Collectors.joining(", ")));
            case Change.Message message -> lastMessage = message.content();
            case Change.Commit _ -> {
                waiting.add(new Transaction(commit, List.copyOf(open), Map.copyOf(keys)));
                open.clear();
                keys.clear();
            }
            case Change.Origin _, Change.Described _ -> {}
        }
    }

    private void key(Change.SourceTable table, Tuple row) {
        List<String> key = new ArrayList<>();
        for (int column = 0; column < table.columns().size(); column++) {
            if (table.columns().get(column).partOfKey()) {
                key.add(String.valueOf(row.value(column)));
            }
        }
        keys.computeIfAbsent(table.name(), _ -> new ArrayList<>()).add(key);
    }

    private static String insert(Change.SourceTable table, Tuple row) {
        List<String> values = new ArrayList<>();
        for (int column = 0; column < table.columns().size(); column++) {
            values.add(literal(row.value(column)));
        }
        return "insert into " + table.name().sql() + " values (" + String.join(", ", values) + ")";
    }

    private static String update(Change.SourceTable table, Tuple row) {
        List<String> changes = new ArrayList<>();
        for (int column = 0; column < table.columns().size(); column++) {
            if (!row.unchanged(column)) {
                String name = Sql.identifier(table.columns().get(column).name());
                changes.add(name + " = " + literal(row.value(column)));
            }
        }
        return "update " + table.name().sql() + " set " + String.join(", ", changes) + where(table, row);
    }

    private static String delete(Change.SourceTable table, Tuple old) {
        return "delete from " + table.name().sql() + where(table, old);
    }

    private static String where(Change.SourceTable table, Tuple row) {
        List<String> conditions = new ArrayList<>();
        for (int column = 0; column < table.columns().size(); column++) {
            if (table.columns().get(column).partOfKey()) {
                String name = Sql.identifier(table.columns().get(column).name());
                conditions.add(name + " = " + literal(row.value(column)));
            }
        }
        return " where " + String.join(" and ", conditions);
    }

    private static String literal(@Nullable String value) {
        return value == null ? "null" : Sql.literal(value);
    }

    @Override
    public Hold hold(Deadline by) {
        gate.lock();
        Hold still = super.hold(by);
        return new Hold() {
            @Override
            public void applyBefore(Lsn point, Deadline until) throws InterruptedException {
                String nonce = UUID.randomUUID().toString();
                pair.blue.run(session -> session.list(
                        "select pg_logical_emit_message(false, 'lane', ?)::text", row -> row.text(1), nonce));
                while (!lastMessage.equals(nonce)) {
                    if (until.expired()) {
                        throw new AssertionError("the stream does not answer");
                    }
                    step(point);
                }
                step(point);
            }

            @Override
            public void close() {
                still.close();
                gate.unlock();
            }
        };
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
            stream.close();
            green.close();
            Slots.drop(pair.blue, slot, TestPair.PATIENCE);
        } catch (InterruptedException interruption) {
            throw new AssertionError("interrupted while the lane ends", interruption);
        }
        Throwable broken = failure;
        if (broken != null) {
            throw new AssertionError("the lane broke", broken);
        }
    }
}
