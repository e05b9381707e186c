package io.viridian.verification;

import io.viridian.postgres.Row;

/**
 * A row, or several equal rows of a multiset, as it is compared.
 *
 * @param key names the row on both sides; for a multiset it is the digest itself
 * @param rows how many equal rows there are
 */
record RowDigest(String key, long first, long second, long rows) {
    static RowDigest read(Row row, int firstColumn) {
        return new RowDigest(
                row.text(firstColumn),
                row.number(firstColumn + 1),
                row.number(firstColumn + 2),
                row.number(firstColumn + 3));
    }
}
