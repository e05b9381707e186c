package io.viridian.daemon.metrics;

import io.viridian.control.MigrationControl;
import io.viridian.migration.Operation;
import io.viridian.proof.Verification;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Counts operations and verifications that ended, each once. After a restart the newest operations of the journal,
 * as many as are looked at, are counted again from the start, as counters do; verifications only the last.
 */
final class FinishedWork {
    /** Between two scrapes nobody finishes more. */
    private static final int LOOKED_AT = 200;

    private static final int REMEMBERED = 10 * LOOKED_AT;

    private final MeterBoard board;
    private final Set<String> counted = new LinkedHashSet<>();
    private Optional<Instant> lastVerification = Optional.empty();
    private Optional<Instant> lastClean = Optional.empty();

    FinishedWork(MeterBoard board) {
        this.board = board;
    }

    void look(MigrationControl control) {
        List<Operation> operations = control.operations(LOOKED_AT);
        operations.reversed().stream()
                .filter(operation -> operation.status().isFinal() && counted.add(operation.id()))
                .forEach(this::count);
        while (counted.size() > REMEMBERED) {
            counted.remove(counted.iterator().next());
        }
        control.lastVerification().ifPresent(this::count);
        lastClean.ifPresent(at -> board.gauge(Metric.VERIFY_LAST_CLEAN_TIMESTAMP_SECONDS, at.getEpochSecond()));
    }

    private void count(Operation operation) {
        String type = operation.type().text();
        String result = operation.status().name().toLowerCase(Locale.ROOT);
        operation
                .started()
                .ifPresent(started -> operation
                        .finished()
                        .ifPresent(finished -> board.record(
                                Metric.OPERATION_SECONDS, Duration.between(started, finished), type, result)));
        if (operation.type() == Operation.Type.CUTOVER) {
            board.add(Metric.CUTOVER_ATTEMPTS_TOTAL, 1, result);
        }
        writePause(operation).ifPresent(pause -> board.record(Metric.WRITE_PAUSE_SECONDS, pause, type));
    }

    private void count(Verification verification) {
        if (lastVerification.equals(Optional.of(verification.started()))) {
            return;
        }
        lastVerification = Optional.of(verification.started());
        long different = verification.tables().stream()
                .mapToLong(Verification.TableResult::differing)
                .sum();
        board.add(Metric.VERIFY_ROWS_TOTAL, Math.max(0, verification.rows() - different), "equal");
        board.add(Metric.VERIFY_ROWS_TOTAL, different, "different");
        if (verification.clean()) {
            lastClean = Optional.of(verification.started().plus(verification.took()));
        }
    }

    private static Optional<Duration> writePause(Operation operation) {
        String text = operation.result().get("write_pause_ms");
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    Duration.ofNanos(new BigDecimal(text).movePointRight(6).longValue()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
