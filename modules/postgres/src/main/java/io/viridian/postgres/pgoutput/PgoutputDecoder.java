package io.viridian.postgres.pgoutput;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.feed.Change;
import io.viridian.feed.Tuple;
import io.viridian.plan.TableName;
import io.viridian.position.Lsn;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the messages of pgoutput that transactions consist of, with messages, values in text form (manual 14-18,
 * section 55.9). Keeps the relations it was told about; belongs to one stream and one thread. Anything it does not know
 * stops the stream: a message skipped is a row lost. The rows of our own transactions alone are left out.
 */
public final class PgoutputDecoder {
    private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private final Map<Integer, Change.SourceTable> relations = new HashMap<>();
    private final Set<String> ownOrigins;
    private boolean ours;

    /** @param ownOrigins transactions with one of these come without their rows */
    public PgoutputDecoder(Set<String> ownOrigins) {
        this.ownOrigins = Set.copyOf(ownOrigins);
    }

    /** A transaction begins whose beginning came in another message. */
    void begins() {
        ours = false;
    }

    /**
     * Decodes one message.
     *
     * @return the change, or null for a message that carries nothing for us (a type description, a row of ours)
     * @throws io.viridian.fault.FaultException when the message is not understood
     */
    public @Nullable Change decode(ByteBuffer message) {
        byte kind = message.get();
        return switch (kind) {
            case 'B' -> begin(message);
            case 'C' -> commit(message);
            case 'O' -> origin(message);
            case 'R' -> relation(message);
            case 'Y' -> null;
            case 'I' -> ours ? null : insert(message);
            case 'U' -> ours ? null : update(message);
            case 'D' -> ours ? null : delete(message);
            case 'T' -> ours ? null : truncate(message);
            case 'M' -> message(message);
            default -> throw unexpected("a message of kind '" + (char) kind + "'");
        };
    }

    private Change begin(ByteBuffer message) {
        begins();
        Lsn commitLsn = new Lsn(message.getLong());
        Instant time = time(message.getLong());
        return new Change.Begin(Integer.toUnsignedLong(message.getInt()), commitLsn, time);
    }

    private static Change commit(ByteBuffer message) {
        message.get();
        Lsn commitLsn = new Lsn(message.getLong());
        return new Change.Commit(commitLsn, new Lsn(message.getLong()));
    }

    private Change origin(ByteBuffer message) {
        message.getLong();
        String name = text(message);
        ours = ownOrigins.contains(name);
        return new Change.Origin(name);
    }

    /** Whether this message of kind origin names one of ours; the message is left as it was. */
    boolean namesOurs(ByteBuffer message) {
        ByteBuffer content = message.duplicate();
        content.position(content.position() + 1 + Long.BYTES);
        return ownOrigins.contains(text(content));
    }

    private Change relation(ByteBuffer message) {
        int id = message.getInt();
        String schema = text(message);
        String name = text(message);
        char identity = (char) message.get();
        int count = message.getShort();
        List<Change.SourceTableColumn> columns = new ArrayList<>(count);
        for (int column = 0; column < count; column++) {
            boolean partOfKey = (message.get() & 1) == 1;
            String columnName = text(message);
            long typeOid = Integer.toUnsignedLong(message.getInt());
            message.getInt();
            columns.add(new Change.SourceTableColumn(columnName, typeOid, partOfKey));
        }
        TableName table = new TableName(schema.isEmpty() ? "pg_catalog" : schema, name);
        Change.SourceTable described = new Change.SourceTable(table, identity, columns);
        relations.put(id, described);
        return new Change.Described(described);
    }

    private Change insert(ByteBuffer message) {
        Change.SourceTable table = table(message.getInt());
        expect(message.get(), 'N');
        return new Change.Insert(table, tuple(message));
    }

    private Change update(ByteBuffer message) {
        Change.SourceTable table = table(message.getInt());
        byte kind = message.get();
        Tuple old = null;
        if (kind == 'K' || kind == 'O') {
            old = tuple(message);
            kind = message.get();
        }
        expect(kind, 'N');
        return new Change.Update(table, old, tuple(message));
    }

    private Change delete(ByteBuffer message) {
        Change.SourceTable table = table(message.getInt());
        byte kind = message.get();
        if (kind != 'K' && kind != 'O') {
            throw unexpected("a DELETE of " + table.name() + " without the old row's identity");
        }
        return new Change.Delete(table, tuple(message));
    }

    private Change truncate(ByteBuffer message) {
        int count = message.getInt();
        // Options: CASCADE names its tables by itself, and nobody asks for the restart of sequences.
        message.get();
        List<Change.SourceTable> tables = new ArrayList<>(count);
        for (int table = 0; table < count; table++) {
            tables.add(table(message.getInt()));
        }
        return new Change.Truncate(tables);
    }

    private static Change message(ByteBuffer message) {
        boolean transactional = (message.get() & 1) == 1;
        Lsn position = new Lsn(message.getLong());
        String prefix = text(message);
        byte[] content = new byte[message.getInt()];
        message.get(content);
        return new Change.Message(transactional, position, prefix, new String(content, StandardCharsets.UTF_8));
    }

    private static Tuple tuple(ByteBuffer message) {
        int count = message.getShort();
        @Nullable String[] values = new @Nullable String[count];
        for (int column = 0; column < count; column++) {
            byte kind = message.get();
            values[column] = switch (kind) {
                case 'n' -> null;
                case 'u' -> Tuple.UNCHANGED;
                case 't' -> value(message);
                default -> throw unexpected("a column value of kind '" + (char) kind + "'");
            };
        }
        return new Tuple(values);
    }

    private static String value(ByteBuffer message) {
        int length = message.getInt();
        String value;
        if (message.hasArray()) {
            value = new String(
                    message.array(), message.arrayOffset() + message.position(), length, StandardCharsets.UTF_8);
            message.position(message.position() + length);
        } else {
            byte[] bytes = new byte[length];
            message.get(bytes);
            value = new String(bytes, StandardCharsets.UTF_8);
        }
        return value;
    }

    private static String text(ByteBuffer message) {
        int start = message.position();
        int end = start;
        while (message.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - start];
        message.get(bytes);
        message.get();
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private Change.SourceTable table(int id) {
        Change.SourceTable table = relations.get(id);
        if (table == null) {
            throw unexpected("a change of relation " + id + ", which was never described");
        }
        return table;
    }

    private static void expect(byte kind, char expected) {
        if (kind != expected) {
            throw unexpected("tuple kind '" + (char) kind + "' where '" + expected + "' belongs");
        }
    }

    static Instant time(long microsecondsSince2000) {
        return POSTGRES_EPOCH.plus(microsecondsSince2000, ChronoUnit.MICROS);
    }

    private static RuntimeException unexpected(String what) {
        return Fault.of(FaultCode.STREAM_UNEXPECTED, "the change stream holds " + what)
                .asException();
    }
}
