package io.viridian.debezium;

import io.debezium.data.Envelope;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.feed.Change;
import io.viridian.feed.Tuple;
import io.viridian.feed.spool.SpoolSpace;
import io.viridian.feed.spool.SpooledTransaction;
import io.viridian.plan.TableName;
import io.viridian.position.Lsn;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Gathers records into transactions, which the engine ends only when it has told all of them. One thread. */
final class Records implements AutoCloseable {
    private static final String OLD_KEY = "__debezium.oldkey";
    private static final String NEW_KEY = "__debezium.newkey";

    private final SourceTables tables;
    private final Set<String> ownOrigins;
    private final SpoolSpace space;
    private @Nullable SpooledTransaction open;
    private long xid;
    private boolean ours;
    private boolean originTold;
    private @Nullable Tuple movedFrom;

    Records(SourceTables tables, Set<String> ownOrigins, SpoolSpace space) {
        this.tables = tables;
        this.ownOrigins = Set.copyOf(ownOrigins);
        this.space = space;
    }

    /** Takes a record; answers the transaction that it ends, or null. */
    @Nullable
    Ended take(SourceRecord record) {
        if (!(record.value() instanceof Struct value)) {
            return null;
        }
        if (value.schema().field("status") != null) {
            return value.getString("status").equals("BEGIN") ? begin(value) : end(record, value);
        }
        if (value.schema().field(Envelope.FieldName.OPERATION) == null) {
            return null;
        }
        SpooledTransaction into = open;
        if (into == null) {
            // A message outside of transactions, or a heartbeat.
            return null;
        }
        origin(into, value.getStruct(Envelope.FieldName.SOURCE));
        Envelope.Operation operation = Envelope.operationFor(record);
        if (operation == Envelope.Operation.MESSAGE) {
            message(into, value);
        } else if (!ours) {
            row(into, record, value, operation);
        }
        return null;
    }

    /** A transaction that is complete. */
    record Ended(SpooledTransaction.Replay replay, Lsn end) {}

    private @Nullable Ended begin(Struct value) {
        open = new SpooledTransaction(space);
        String id = value.getString("id");
        xid = Long.parseLong(id.substring(0, id.indexOf(':') < 0 ? id.length() : id.indexOf(':')));
        ours = false;
        originTold = false;
        movedFrom = null;
        return null;
    }

    private Ended end(SourceRecord record, Struct value) {
        SpooledTransaction ended = open;
        if (ended == null) {
            throw unexpected("the end of a transaction that did not begin");
        }
        open = null;
        Object position = record.sourceOffset().get("lsn");
        if (!(position instanceof Long lsn)) {
            throw unexpected("the end of transaction " + xid + " without its position");
        }
        Lsn end = new Lsn(lsn);
        // Where its commit record begins is not told. Any place after the commit before it orders it the same.
        Lsn commit = new Lsn(lsn - 1);
        Change.Begin begin = new Change.Begin(xid, commit, Instant.ofEpochMilli(value.getInt64("ts_ms")));
        return new Ended(ended.replay(begin, new Change.Commit(commit, end)), end);
    }

    private void origin(SpooledTransaction into, Struct source) {
        String name = originTold ? null : source.getString("origin");
        if (name != null) {
            originTold = true;
            ours = ownOrigins.contains(name);
            into.add(new Change.Origin(name));
        }
    }

    private static void message(SpooledTransaction into, Struct value) {
        Struct message = value.getStruct("message");
        Lsn position = new Lsn(value.getStruct(Envelope.FieldName.SOURCE).getInt64("lsn"));
        into.add(new Change.Message(true, position, message.getString("prefix"), content(message.get("content"))));
    }

    private static String content(@Nullable Object content) {
        return switch (content) {
            case null -> "";
            case byte[] bytes -> new String(bytes, StandardCharsets.UTF_8);
            case ByteBuffer bytes ->
                StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
            default -> content.toString();
        };
    }

    private void row(SpooledTransaction into, SourceRecord record, Struct value, Envelope.Operation operation) {
        Change.SourceTable table = table(into, value);
        Struct before = value.getStruct(Envelope.FieldName.BEFORE);
        Struct after = value.getStruct(Envelope.FieldName.AFTER);
        switch (operation) {
            case CREATE -> {
                Tuple from = movedFrom;
                movedFrom = null;
                if (record.headers().lastWithName(OLD_KEY) == null) {
                    into.add(new Change.Insert(table, tuple(after)));
                } else if (from == null) {
                    throw unexpected("a row of " + table.name() + " that moved here from nowhere");
                } else {
                    into.add(new Change.Update(table, from, tuple(after)));
                }
            }
            case UPDATE -> into.add(new Change.Update(table, before == null ? null : tuple(before), tuple(after)));
            case DELETE -> {
                if (record.headers().lastWithName(NEW_KEY) == null) {
                    into.add(new Change.Delete(table, tuple(before)));
                } else {
                    movedFrom = tuple(before);
                }
            }
            case TRUNCATE -> into.add(new Change.Truncate(List.of(table)));
            default -> throw unexpected("a record of operation " + operation);
        }
    }

    private Change.SourceTable table(SpooledTransaction into, Struct value) {
        Struct source = value.getStruct(Envelope.FieldName.SOURCE);
        TableName name = new TableName(source.getString("schema"), source.getString("table"));
        Schema rows = value.schema().field(Envelope.FieldName.AFTER).schema();
        Change.SourceTable known = tables.find(name, rows);
        if (known != null) {
            return known;
        }
        Change.SourceTable described = tables.describe(name, rows);
        into.add(new Change.Described(described));
        return described;
    }

    private static Tuple tuple(Struct row) {
        @Nullable String[] values = new @Nullable String[row.schema().fields().size()];
        for (int column = 0; column < values.length; column++) {
            // The other getters answer the column's default where the value is null.
            values[column] = (String)
                    row.getWithoutDefault(row.schema().fields().get(column).name());
        }
        return new Tuple(values);
    }

    private static RuntimeException unexpected(String what) {
        return Fault.of(FaultCode.STREAM_UNEXPECTED, "the engine debezium tells " + what)
                .asException();
    }

    @Override
    public void close() {
        SpooledTransaction left = open;
        if (left != null) {
            open = null;
            left.close();
        }
    }
}
