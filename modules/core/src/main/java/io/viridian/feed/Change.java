package io.viridian.feed;

import io.viridian.plan.TableName;
import io.viridian.position.Lsn;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One element of the change stream. Transactions arrive whole and in commit order: {@link Begin}, perhaps
 * {@link Origin}, any number of row changes, truncations and transactional messages, {@link Commit}.
 */
public sealed interface Change {
    /**
     * A transaction starts.
     *
     * @param xid the top-level transaction id, 32 bits, unsigned
     * @param commitLsn where its commit record starts; orders transactions
     * @param commitTime the source's clock at commit, for display
     */
    record Begin(long xid, Lsn commitLsn, Instant commitTime) implements Change {}

    /** The transaction was replicated into the source, under this origin's name; follows {@link Begin} directly. */
    record Origin(String name) implements Change {}

    /** A table's shape, before the first change that uses it and again whenever it changed. */
    record Described(SourceTable table) implements Change {}

    record Insert(SourceTable table, Tuple row) implements Change {}

    /**
     * A row changed.
     *
     * @param old the old key or the whole old row; absent when the key did not change and the identity is not full
     */
    record Update(SourceTable table, @Nullable Tuple old, Tuple row) implements Change {}

    /** A row went; {@code old} holds at least the identity's columns, the others are null. */
    record Delete(SourceTable table, Tuple old) implements Change {}

    /** Tables were emptied: all of one command, or one of them in each of several changes. */
    record Truncate(List<SourceTable> tables) implements Change {
        public Truncate {
            tables = List.copyOf(tables);
        }
    }

    /** A logical message, emitted by us or by anybody else. */
    record Message(boolean transactional, Lsn position, String prefix, String content) implements Change {}

    /**
     * The transaction ends.
     *
     * @param endLsn the first position after its commit record: a stream restarted there does not repeat it
     */
    record Commit(Lsn commitLsn, Lsn endLsn) implements Change {}

    /**
     * A table as the stream describes it. One object per description, so that identity comparison tells a change.
     *
     * @param identity {@code d} default, {@code f} full, {@code i} index, {@code n} nothing
     */
    record SourceTable(TableName name, char identity, List<SourceTableColumn> columns) {
        public SourceTable {
            columns = List.copyOf(columns);
        }
    }

    /** A column of a described table. */
    record SourceTableColumn(String name, long typeOid, boolean partOfKey) {}
}
