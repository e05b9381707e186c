package io.viridian.journal;

import io.viridian.postgres.Database;
import io.viridian.postgres.Row;
import io.viridian.postgres.Session;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the way back needs of the journal and no ownership row says: the plan that the migration was begun with, and
 * green's keys. Kept on blue when the journal lives elsewhere, and never changed.
 *
 * @param greenKeys as the journal has them, if it does
 */
public record PlanCopy(
        String hash, String mapping, @Nullable String greenKeys) {
    private static final String OF_JOURNAL = """
            select m.plan_hash, m.mapping, k.keys::text
            from viridian.migration m left join viridian.green_keys k using (migration) where migration = ?
            """;

    private static final String KEEP = """
            insert into viridian.plan_copy (migration, plan_hash, mapping, green_keys) values (?, ?, ?, ?::jsonb)
            on conflict do nothing
            """;

    private static final String FIND =
            "select plan_hash, mapping, green_keys::text from viridian.plan_copy where migration = ?";

    private static final String PIN =
            "insert into viridian.migration (migration, plan_hash, mapping) values (?, ?, ?) on conflict do nothing";

    private static final String KEEP_KEYS = """
            insert into viridian.green_keys (migration, keys) select ?, kept.keys from (select ?::jsonb as keys) kept
            where kept.keys is not null on conflict do nothing
            """;

    /** What the journal says; empty before the plan was pinned. */
    public static Optional<PlanCopy> ofJournal(Database journal, String migration) {
        return journal.query(session -> session.first(OF_JOURNAL, PlanCopy::read, migration));
    }

    /** What blue says; empty when nothing was kept there. */
    public static Optional<PlanCopy> find(Session blue, String migration) {
        boolean table = blue.one("select to_regclass('viridian.plan_copy') is not null", row -> row.truth(1));
        return table ? blue.first(FIND, PlanCopy::read, migration) : Optional.empty();
    }

    private static PlanCopy read(Row row) {
        return new PlanCopy(row.text(1), row.text(2), row.nullableText(3));
    }

    /** Keeps it on blue, unless something is kept already. */
    public void keep(Session blue, String migration) {
        blue.update(KEEP, migration, hash, mapping, greenKeys);
    }

    /** Begins a journal with it, unless that has a plan already. */
    void begin(Session journal, String migration) {
        journal.update(PIN, migration, hash, mapping);
        journal.update(KEEP_KEYS, migration, greenKeys);
    }
}
