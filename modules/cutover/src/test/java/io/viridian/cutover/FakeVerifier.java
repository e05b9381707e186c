package io.viridian.cutover;

import io.viridian.feed.Lane;
import io.viridian.plan.Direction;
import io.viridian.plan.TableName;
import io.viridian.proof.Verification;
import io.viridian.proof.Verifier;
import io.viridian.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Finds what it is told to find. */
final class FakeVerifier implements Verifier {
    private static final TableName ACCOUNTS = new TableName("public", "accounts");

    volatile List<Verification.RowDifference> differences = List.of();
    volatile Map<TableName, List<List<String>>> compared = Map.of();

    /** Comparisons that were prepared and not closed. */
    final AtomicInteger open = new AtomicInteger();

    @Override
    public Verification verify(Direction direction, Lane lane, Set<TableName> only, Deadline by) {
        return result();
    }

    @Override
    public Optional<Verification> verifyTouched(Direction direction, Lane lane, Deadline by) {
        return Optional.of(result());
    }

    @Override
    public PreparedComparison prepareRows(
            Direction direction, Map<TableName, List<List<String>>> touched, Deadline by) {
        open.incrementAndGet();
        return new PreparedComparison() {
            @Override
            public Verification compare(Map<TableName, List<List<String>>> rows, Deadline until) {
                compared = rows;
                return result();
            }

            @Override
            public void close() {
                open.decrementAndGet();
            }
        };
    }

    private Verification result() {
        Verification.TableResult table = new Verification.TableResult(
                ACCOUNTS, ACCOUNTS, 7, 7, differences.isEmpty(), differences.size(), differences);
        return new Verification(Instant.EPOCH, Duration.ZERO, Duration.ZERO, List.of(table));
    }

    void finds(String key) {
        differences = List.of(new Verification.RowDifference(ACCOUNTS, key, Verification.Kind.DIFFERENT, List.of()));
    }
}
