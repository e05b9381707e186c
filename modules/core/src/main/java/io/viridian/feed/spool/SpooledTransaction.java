package io.viridian.feed.spool;

import io.viridian.feed.Change;
import io.viridian.feed.Tuple;
import io.viridian.position.Lsn;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transaction of which the position is known only at its end, for engines that tell it only then: changes go in one
 * by one and come out between their beginning and their end. Those of a small transaction wait as they are; of a larger
 * one all go into a spool. One thread at a time.
 */
public final class SpooledTransaction implements AutoCloseable {
    private static final byte VALUE = 't';
    private static final byte NULL = 'n';
    private static final byte UNCHANGED = 'u';

    /** What is worth less than the spool's first block. */
    private static final int SMALL_CHANGES = 256;

    private static final int SMALL_CHARACTERS = 32 * 1024;

    private final SpoolSpace space;
    private final List<Change> small = new ArrayList<>();
    private int smallCharacters;
    private @Nullable Spool spool;
    private final List<Change.SourceTable> tables = new ArrayList<>();
    private final IdentityHashMap<Change.SourceTable, Integer> numbers = new IdentityHashMap<>();
    private ByteBuffer out = ByteBuffer.allocate(0);

    /** @param space for what is no small transaction */
    public SpooledTransaction(SpoolSpace space) {
        this.space = space;
    }

    /**
     * Adds a change; beginnings and ends are not for here.
     *
     * @throws io.viridian.fault.FaultException with SPOOL_FAILED
     */
    public void add(Change change) {
        Spool into = spool;
        if (into != null) {
            encode(change, into);
            return;
        }
        small.add(change);
        smallCharacters += characters(change);
        if (small.size() > SMALL_CHANGES || smallCharacters > SMALL_CHARACTERS) {
            Spool opened = space.open();
            spool = opened;
            small.forEach(earlier -> encode(earlier, opened));
            small.clear();
        }
    }

    private static int characters(Change change) {
        return switch (change) {
            case Change.Insert insert -> characters(insert.row());
            case Change.Update update ->
                characters(update.row()) + (update.old() == null ? 0 : characters(update.old()));
            case Change.Delete delete -> characters(delete.old());
            case Change.Message message -> message.content().length();
            default -> 0;
        };
    }

    private static int characters(Tuple tuple) {
        int characters = 0;
        for (int column = 0; column < tuple.size(); column++) {
            String value = tuple.value(column);
            characters += value == null ? 0 : value.length();
        }
        return characters;
    }

    private void encode(Change change, Spool into) {
        out.clear();
        byte kind = switch (change) {
            case Change.Origin origin -> {
                text(origin.name());
                yield 'O';
            }
            case Change.Described described -> {
                table(described.table());
                yield 'R';
            }
            case Change.Insert insert -> {
                table(insert.table());
                tuple(insert.row());
                yield 'I';
            }
            case Change.Update update -> {
                table(update.table());
                Tuple old = update.old();
                room(1).put((byte) (old == null ? 0 : 1));
                if (old != null) {
                    tuple(old);
                }
                tuple(update.row());
                yield 'U';
            }
            case Change.Delete delete -> {
                table(delete.table());
                tuple(delete.old());
                yield 'D';
            }
            case Change.Truncate truncate -> {
                room(Integer.BYTES).putInt(truncate.tables().size());
                truncate.tables().forEach(this::table);
                yield 'T';
            }
            case Change.Message message -> {
                room(9).put((byte) (message.transactional() ? 1 : 0))
                        .putLong(message.position().value());
                text(message.prefix());
                text(message.content());
                yield 'M';
            }
            case Change.Begin _, Change.Commit _ -> throw new IllegalArgumentException("not a part: " + change);
        };
        into.add(kind, out.flip());
    }

    private ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(2 * out.capacity(), out.position() + bytes + 256));
            out = larger.put(out.flip());
        }
        return out;
    }

    private void table(Change.SourceTable table) {
        room(Integer.BYTES).putInt(numbers.computeIfAbsent(table, one -> {
            tables.add(one);
            return tables.size() - 1;
        }));
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        room(Integer.BYTES + bytes.length).putInt(bytes.length).put(bytes);
    }

    private void tuple(Tuple tuple) {
        room(Integer.BYTES).putInt(tuple.size());
        for (int column = 0; column < tuple.size(); column++) {
            String value = tuple.value(column);
            if (value == null) {
                room(1).put(NULL);
            } else if (tuple.unchanged(column)) {
                room(1).put(UNCHANGED);
            } else {
                room(1).put(VALUE);
                text(value);
            }
        }
    }

    /** Everything that was added, once, between its beginning and its end. */
    public Replay replay(Change.Begin begin, Change.Commit commit) {
        return new Replay(begin, commit);
    }

    @Override
    public void close() {
        small.clear();
        Spool opened = spool;
        if (opened != null) {
            opened.close();
        }
    }

    /** Walks through the transaction; closes it behind the end. */
    public final class Replay implements AutoCloseable {
        private final Spool.@Nullable Reader records = spool == null ? null : spool.read();
        private int told;
        private Change.@Nullable Begin begin;
        private Change.@Nullable Commit commit;

        private Replay(Change.Begin begin, Change.Commit commit) {
            this.begin = begin;
            this.commit = commit;
        }

        /** The next change, or null behind the end. */
        public @Nullable Change next() {
            Change.Begin first = begin;
            if (first != null) {
                begin = null;
                return first;
            }
            Change change = commit == null ? null : part();
            if (change != null) {
                return change;
            }
            Change.Commit last = commit;
            commit = null;
            close();
            return last;
        }

        private @Nullable Change part() {
            if (records == null) {
                return told < small.size() ? small.get(told++) : null;
            }
            ByteBuffer record = records.next();
            return record == null ? null : decode(record);
        }

        @Override
        public void close() {
            SpooledTransaction.this.close();
        }

        private Change decode(ByteBuffer in) {
            byte kind = in.get();
            return switch (kind) {
                case 'O' -> new Change.Origin(readText(in));
                case 'R' -> new Change.Described(readTable(in));
                case 'I' -> new Change.Insert(readTable(in), readTuple(in));
                case 'U' -> {
                    Change.SourceTable table = readTable(in);
                    Tuple old = in.get() == 0 ? null : readTuple(in);
                    yield new Change.Update(table, old, readTuple(in));
                }
                case 'D' -> new Change.Delete(readTable(in), readTuple(in));
                case 'T' -> {
                    int count = in.getInt();
                    List<Change.SourceTable> truncated = new ArrayList<>(count);
                    for (int table = 0; table < count; table++) {
                        truncated.add(readTable(in));
                    }
                    yield new Change.Truncate(truncated);
                }
                case 'M' -> {
                    boolean transactional = in.get() == 1;
                    yield new Change.Message(transactional, new Lsn(in.getLong()), readText(in), readText(in));
                }
                default -> throw new IllegalStateException("a record of kind " + kind);
            };
        }

        private Change.SourceTable readTable(ByteBuffer in) {
            return tables.get(in.getInt());
        }

        private static String readText(ByteBuffer in) {
            byte[] bytes = new byte[in.getInt()];
            in.get(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }

        private static Tuple readTuple(ByteBuffer in) {
            @Nullable String[] values = new @Nullable String[in.getInt()];
            for (int column = 0; column < values.length; column++) {
                values[column] = switch (in.get()) {
                    case NULL -> null;
                    case UNCHANGED -> Tuple.UNCHANGED;
                    default -> readText(in);
                };
            }
            return new Tuple(values);
        }
    }
}
