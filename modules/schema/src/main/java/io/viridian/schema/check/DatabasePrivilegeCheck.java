package io.viridian.schema.check;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.plan.Sql;
import java.util.ArrayList;
import java.util.List;

/** We may create schema viridian and a publication on both sides; both need CREATE on the database. */
final class DatabasePrivilegeCheck implements Check {
    private static final String WITHOUT = """
            select current_database(), current_user::text
            where not has_database_privilege(current_database(), 'create')
            """;

    @Override
    public String id() {
        return "database-privilege";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        List<Finding> findings = new ArrayList<>();
        for (Side side : Side.values()) {
            findings.addAll(context.on(side)
                    .query(session -> session.list(WITHOUT, row -> finding(side, row.text(1), row.text(2)))));
        }
        return findings;
    }

    private static Finding finding(Side side, String database, String role) {
        return Finding.refused(
                side.text() + ".database-privilege",
                database,
                "role " + role + " may not create schema viridian in database " + database + " on " + side.text(),
                "grant create on database " + Sql.identifier(database) + " to " + Sql.identifier(role) + ";");
    }
}
