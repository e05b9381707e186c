package io.viridian.testkit.ledger;

/**
 * How one side names and stores what the workload knows by blue's names. A mapping may rename tables and columns and
 * change how a value is stored; the workload then still speaks of the same bank. Everything defaults to blue's own way.
 */
public interface Dialect {

    /** The schema as {@link LedgerSchema} creates it. */
    Dialect BLUE = new Dialect() {};

    /** The qualified name of a table of the schema {@code bank}. */
    default String table(String table) {
        return "bank." + table;
    }

    /** The name of a column, as it is assigned to and compared. */
    default String column(String table, String column) {
        return column;
    }

    /** An expression over this side's columns that gives the value as blue stores it. */
    default String read(String table, String column) {
        return column(table, column);
    }

    /** An expression that turns blue's value, itself an expression, into what this side stores in the column. */
    default String store(String table, String column, String value) {
        return value;
    }
}
