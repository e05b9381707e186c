package io.viridian.control;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A row that both sides had changed while both were writable.
 *
 * @param table blue's name of it
 * @param kind duplicate, missing-row, concurrent-change or orphan
 * @param blueRow what blue had, as JSON; empty when it had no such row
 * @param greenRow what green had
 * @param blueAt when blue's last change was committed, by blue's clock
 * @param greenAt when green's was, by green's clock
 * @param bluePosition changes of blue committed before it are done with
 * @param greenPosition changes of green committed before it are done with
 * @param outcome blue-wins, green-wins or agreed
 */
public record ConflictView(
        String table,
        List<String> key,
        String kind,
        Optional<String> blueRow,
        Optional<String> greenRow,
        Instant blueAt,
        Instant greenAt,
        String bluePosition,
        String greenPosition,
        String policy,
        String outcome,
        Instant settledAt) {
    public ConflictView {
        key = List.copyOf(key);
    }
}
