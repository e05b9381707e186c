package io.viridian.schema.check;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.plan.Sql;
import io.viridian.postgres.Row;
import java.util.ArrayList;
import java.util.List;

/** No policy hides rows from us: the copy would be incomplete and look complete (manual 14-18, section 5.9). */
final class RowSecurityCheck implements Check {
    private static final String FILTERED = """
            select n.nspname || '.' || c.relname, current_user::text
            from unnest(?::text[]) name
            join pg_class c on c.oid = to_regclass(name)
            join pg_namespace n on n.oid = c.relnamespace
            where row_security_active(c.oid)
            order by 1
            """;

    @Override
    public String id() {
        return "row-security";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        List<Finding> findings = new ArrayList<>();
        for (Side side : Side.values()) {
            findings.addAll(context.on(side)
                    .query(session ->
                            session.list(FILTERED, row -> finding(side, row), (Object) context.tables(side))));
        }
        return findings;
    }

    private static Finding finding(Side side, Row row) {
        return Finding.refused(
                side.text() + ".row-security",
                row.text(1),
                "policies of table " + row.text(1) + " on " + side.text() + " apply to role " + row.text(2)
                        + ", so rows may be hidden from the copy",
                "alter role " + Sql.identifier(row.text(2)) + " bypassrls;");
    }
}
