package io.viridian.schema.check;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.plan.Sql;
import io.viridian.postgres.Row;
import java.util.ArrayList;
import java.util.List;

/**
 * We own the tables, directly or as a member of their owner: only an owner may publish a table, put an always firing
 * guard trigger on it and, on green, take its indexes off (manual 14-18: CREATE PUBLICATION, ALTER TABLE).
 */
final class TablePrivilegeCheck implements Check {
    private static final String NOT_OURS = """
            select n.nspname || '.' || c.relname, r.rolname, current_user::text
            from unnest(?::text[]) name
            join pg_class c on c.oid = to_regclass(name)
            join pg_namespace n on n.oid = c.relnamespace
            join pg_roles r on r.oid = c.relowner
            where not pg_has_role(c.relowner, 'usage')
            order by 1
            """;

    @Override
    public String id() {
        return "table-privilege";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        List<Finding> findings = new ArrayList<>();
        for (Side side : Side.values()) {
            findings.addAll(context.on(side)
                    .query(session ->
                            session.list(NOT_OURS, row -> finding(side, row), (Object) context.tables(side))));
        }
        return findings;
    }

    private static Finding finding(Side side, Row row) {
        return Finding.refused(
                side.text() + ".table-privilege",
                row.text(1),
                "table " + row.text(1) + " on " + side.text() + " belongs to " + row.text(2) + ", of which "
                        + row.text(3) + " is no member; only its owner may publish and guard it",
                "grant " + Sql.identifier(row.text(2)) + " to " + Sql.identifier(row.text(3)) + ";");
    }
}
