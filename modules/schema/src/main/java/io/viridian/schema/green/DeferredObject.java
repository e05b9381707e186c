package io.viridian.schema.green;

import io.viridian.plan.TableName;

/**
 * One step of bringing back what was taken off an empty table.
 *
 * @param name of the index or constraint; unique together with kind and table
 * @param dropSql empty when the object goes away with another one
 * @param createSql one or more statements that may run in a transaction
 */
public record DeferredObject(Kind kind, TableName table, String name, String dropSql, String createSql) {
    /** In the order in which they are built. */
    public enum Kind {
        /** The index that names the rows of a table loaded whole; the change stream needs it. */
        KEY_INDEX,
        /** The constraint on that index. */
        KEY_CONSTRAINT,
        INDEX,
        /** A unique, primary key or exclusion constraint; where possible it takes over an INDEX built before. */
        CONSTRAINT,
        /** Added NOT VALID: from here on nothing new may violate it. */
        FOREIGN_KEY,
        /** What is there is checked, without locking writers out. */
        VALIDATION,
        /** Replica identity, cluster mark, statistics target, comment. */
        MARK,
        /** Without statistics green would answer its first queries slowly. */
        STATISTICS;

        /** Whether the change stream cannot do without it. */
        boolean isKey() {
            return switch (this) {
                case KEY_INDEX, KEY_CONSTRAINT -> true;
                case INDEX, CONSTRAINT, FOREIGN_KEY, VALIDATION, MARK, STATISTICS -> false;
            };
        }
    }

    /** What it is, for people. */
    @Override
    public String toString() {
        return switch (kind) {
            case KEY_INDEX, INDEX -> "index " + name + " of " + table;
            case KEY_CONSTRAINT, CONSTRAINT -> "constraint " + name + " of " + table;
            case FOREIGN_KEY -> "foreign key " + name + " of " + table;
            case VALIDATION -> "validation of " + name + " of " + table;
            case MARK -> "mark of " + name + " of " + table;
            case STATISTICS -> "statistics of " + table;
        };
    }

    /** The same step, for the index that names the rows. */
    DeferredObject ofKey() {
        return switch (kind) {
            case INDEX -> new DeferredObject(Kind.KEY_INDEX, table, name, dropSql, createSql);
            case CONSTRAINT -> new DeferredObject(Kind.KEY_CONSTRAINT, table, name, dropSql, createSql);
            case KEY_INDEX, KEY_CONSTRAINT, FOREIGN_KEY, VALIDATION, MARK, STATISTICS -> this;
        };
    }
}
