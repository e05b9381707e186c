package io.viridian.schema.check;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.plan.Sql;
import java.util.List;

/**
 * Green's indexes are taken off for the load and built behind it, and an index is created in its table's schema: that
 * needs CREATE there, whoever owns the table (manual 14-18, CREATE INDEX). Since 15 nobody has it on {@code public} by
 * default.
 */
final class SchemaPrivilegeCheck implements Check {
    private static final String WITHOUT = """
            select distinct n.nspname, current_user::text
            from unnest(?::text[]) name
            join pg_class c on c.oid = to_regclass(name)
            join pg_namespace n on n.oid = c.relnamespace
            where not has_schema_privilege(n.oid, 'create')
            order by 1
            """;

    @Override
    public String id() {
        return "schema-privilege";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        return context.on(Side.GREEN)
                .query(session -> session.list(
                        WITHOUT, row -> finding(row.text(1), row.text(2)), (Object) context.tables(Side.GREEN)));
    }

    private static Finding finding(String schema, String role) {
        return Finding.refused(
                "green.schema-privilege",
                schema,
                "role " + role + " may create nothing in schema " + schema
                        + " on green, so the indexes of its tables could not be built again behind the load",
                "grant create on schema " + Sql.identifier(schema) + " to " + Sql.identifier(role) + ";");
    }
}
