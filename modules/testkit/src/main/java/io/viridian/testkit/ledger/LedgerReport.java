package io.viridian.testkit.ledger;

import java.util.List;

/**
 * How the database compares with the ledger.
 *
 * @param acknowledged operations whose COMMIT returned
 * @param unknown operations whose COMMIT got no answer; each may be there or not
 * @param refused operations that certainly did not commit
 * @param lost operations that must be there and are not
 * @param doubled operations that are there more than once
 * @param invented entries that nobody acknowledged: refused, rolled back, or never begun
 * @param violations rows that are not as their last acknowledged writer left them, and failures a client must not see;
 *     the first of each kind in words
 * @param violationCount all of them, also those not in words
 */
public record LedgerReport(
        long acknowledged,
        long unknown,
        long refused,
        long lost,
        long doubled,
        long invented,
        List<String> violations,
        long violationCount) {

    public LedgerReport {
        violations = List.copyOf(violations);
    }

    /** Nothing lost, doubled or invented, and every row as promised. */
    public boolean clean() {
        return lost == 0 && doubled == 0 && invented == 0 && violationCount == 0;
    }
}
