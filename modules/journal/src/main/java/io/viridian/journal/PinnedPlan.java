package io.viridian.journal;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.postgres.Database;
import java.util.Optional;

/**
 * The plan that a migration was begun with.
 *
 * @param hash of the plan, as {@link io.viridian.plan.Plan#hash} gives it
 * @param mapping the mapping file's text, so that the daemon can say what changed
 */
public record PinnedPlan(String hash, String mapping) {
    private static final String FIND = "select plan_hash, mapping from viridian.migration where migration = ?";

    private static final String EXISTS = "select to_regclass('viridian.migration') is not null";

    private static final String PIN =
            "insert into viridian.migration (migration, plan_hash, mapping) values (?, ?, ?) on conflict do nothing";

    /**
     * Pins the plan, unless the migration has one.
     *
     * @throws io.viridian.fault.FaultException with PLAN_CHANGED when the migration was begun with another plan
     */
    public static void pin(Database journal, String migration, PinnedPlan plan) {
        PinnedPlan pinned = journal.query(session -> {
            session.update(PIN, migration, plan.hash(), plan.mapping());
            return session.one(FIND, row -> new PinnedPlan(row.text(1), row.text(2)), migration);
        });
        if (!pinned.hash().equals(plan.hash())) {
            throw Fault.about(
                            FaultCode.PLAN_CHANGED,
                            migration,
                            "migration " + migration + " was begun with plan " + pinned.hash()
                                    + ", the configuration and blue's tables now give plan " + plan.hash())
                    .asException();
        }
    }

    /** The plan the migration was begun with; empty before that. */
    public static Optional<PinnedPlan> find(Database journal, String migration) {
        return journal.query(session -> session.one(EXISTS, row -> row.truth(1))
                ? session.first(FIND, row -> new PinnedPlan(row.text(1), row.text(2)), migration)
                : Optional.empty());
    }
}
