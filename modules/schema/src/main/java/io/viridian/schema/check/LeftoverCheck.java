package io.viridian.schema.check;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.plan.Sql;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.List;

/**
 * Nothing of an earlier migration is left. The journal's tables alone are no leftover: they may serve other migrations,
 * and a daemon that dies right after creating them finds them when it starts again.
 */
final class LeftoverCheck implements Check {
    private static final String TABLES = """
            select coalesce(to_regclass('viridian.ownership'), to_regclass('viridian.prepared')) is not null,
                   to_regclass('viridian.ownership') is not null
            """;

    private static final String OWNERS =
            "select migration || ' (owner ' || owner || ', epoch ' || epoch || ')' from viridian.ownership order by 1";

    private static final String SLOTS = """
            select slot_name from pg_replication_slots
            where database = current_database() and slot_name like 'viridian%' order by 1
            """;

    private static final String PUBLICATIONS =
            "select pubname from pg_publication where pubname like 'viridian%' order by 1";

    @Override
    public String id() {
        return "leftovers";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        List<Finding> findings = new ArrayList<>();
        if (!context.begun()) {
            for (Side side : Side.values()) {
                context.on(side).run(session -> look(session, side, findings));
            }
        }
        return findings;
    }

    private static void look(Session session, Side side, List<Finding> findings) {
        List<String> found = new ArrayList<>();
        List<String> remedies = new ArrayList<>();
        for (String slot : session.list(SLOTS, row -> row.text(1))) {
            found.add("replication slot " + slot);
            remedies.add("select pg_drop_replication_slot(" + Sql.literal(slot) + ");");
        }
        for (String publication : session.list(PUBLICATIONS, row -> row.text(1))) {
            found.add("publication " + publication);
            remedies.add("drop publication " + Sql.identifier(publication) + ";");
        }
        boolean[] tables = session.one(TABLES, row -> new boolean[] {row.truth(1), row.truth(2)});
        if (tables[0]) {
            List<String> owners = tables[1] ? session.list(OWNERS, row -> row.text(1)) : List.of();
            found.add("schema viridian" + (owners.isEmpty() ? "" : " of migration " + String.join(", ", owners)));
            remedies.add("drop schema viridian cascade;");
        }
        if (!found.isEmpty()) {
            findings.add(Finding.refused(
                    side.text() + ".leftovers",
                    "viridian",
                    side.text() + " holds " + String.join(", ", found)
                            + ", but this migration has no journal: they belong to another migration, or are left of one",
                    String.join(" ", remedies) + " -- only when no other migration uses them"));
        }
    }
}
