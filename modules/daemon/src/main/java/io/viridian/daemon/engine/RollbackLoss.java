package io.viridian.daemon.engine;

import io.viridian.cutover.Ownership;
import io.viridian.cutover.OwnershipRows;
import io.viridian.migration.AcceptedLoss;
import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.postgres.Session;
import io.viridian.replication.apply.LossLedger;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a rollback would lose now, as its plan tells it, with the token that accepts it. Stateless. */
final class RollbackLoss {
    private RollbackLoss() {}

    /** Empty while blue owns the writes, and when nothing would be lost. */
    static Optional<Finding> read(Session blue, String migration) {
        return OwnershipRows.read(blue, migration)
                .filter(row -> row.owner() == Side.GREEN)
                .map(Ownership::epoch)
                .flatMap(epoch -> finding(LossLedger.read(blue, migration, epoch), epoch));
    }

    private static Optional<Finding> finding(Map<String, Long> byTable, long epoch) {
        long rows = byTable.values().stream().mapToLong(Long::longValue).sum();
        if (rows == 0) {
            return Optional.empty();
        }
        String token = new AcceptedLoss(rows, epoch).token();
        String tables = byTable.entrySet().stream()
                .map(table -> table.getValue() + " of " + table.getKey())
                .collect(Collectors.joining(", "));
        return Optional.of(Finding.warning(
                "rollback.data-loss",
                "lossy(" + rows + ")",
                "blue cannot hold " + rows + " rows of green as they are (" + tables
                        + "); `select * from viridian.lossy`"
                        + " on blue names them. A rollback that loses something of them is refused without the token "
                        + token
                        + ", which accepts at most so many since this switch; put a larger number before the dash"
                        + " where more come while you look",
                "viridian rollback --accept-data-loss " + token));
    }
}
