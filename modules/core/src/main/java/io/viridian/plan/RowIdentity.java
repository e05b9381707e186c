package io.viridian.plan;

import java.util.List;

/** How the change stream names the row that an UPDATE or DELETE met (manual 14-18, ALTER TABLE, REPLICA IDENTITY). */
public sealed interface RowIdentity {
    /** A unique, not-null key: the primary key or the index named by REPLICA IDENTITY USING INDEX. */
    record Key(List<String> columns) implements RowIdentity {
        public Key {
            columns = List.copyOf(columns);
        }
    }

    /** REPLICA IDENTITY FULL on a table with a usable key: the whole old row travels, the key still names it. */
    record FullWithKey(List<String> columns) implements RowIdentity {
        public FullWithKey {
            columns = List.copyOf(columns);
        }
    }

    /** REPLICA IDENTITY FULL on a table without a key: rows are a multiset, one equal row stands for another. */
    record FullWithoutKey() implements RowIdentity {}

    /** Nothing names the row; publishing the table would make the application's UPDATE fail. */
    record Absent() implements RowIdentity {}
}
