package io.viridian.verification;

import io.viridian.postgres.Row;

/**
 * What a set of rows adds up to. Sums of 64-bit numbers do not fit into 64 bits and are never calculated with here.
 *
 * @param firstSum sum of the first number of every row, as the server prints it
 */
record Totals(long rows, String firstSum, String secondSum) {
    static final Totals NOTHING = new Totals(0, "0", "0");

    static Totals read(Row row, int firstColumn) {
        return new Totals(row.number(firstColumn), row.text(firstColumn + 1), row.text(firstColumn + 2));
    }
}
