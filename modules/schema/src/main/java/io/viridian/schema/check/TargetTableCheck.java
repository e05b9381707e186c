package io.viridian.schema.check;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.plan.TableName;
import io.viridian.plan.TableShape;
import io.viridian.postgres.Session;
import io.viridian.schema.green.SchemaOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Green's targets are empty, or are not there yet: rows of somebody else would be taken for ours. */
final class TargetTableCheck implements Check {
    /** Beyond this a table is not "nearly empty" any more, and counting it tells nothing new. */
    private static final int COUNTED = 10_000;

    @Override
    public String id() {
        return "green.tables";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        List<Finding> findings = new ArrayList<>();
        if (context.begun()) {
            return findings;
        }
        for (TableName table : context.plan().tablesOn(Side.GREEN)) {
            Optional<TableShape> shape = context.shape(Side.GREEN, table);
            if (shape.isPresent() && context.schema() instanceof SchemaOrigin.Blue) {
                findings.add(Finding.refused(
                        "green.table-exists",
                        table.toString(),
                        "green has table " + table + " already, and schema.from is blue, which creates it",
                        "drop table " + table.sql() + "; -- or set schema.from: none"));
            } else if (shape.isPresent()) {
                long rows = context.on(Side.GREEN).query(session -> rows(session, shape.get()));
                if (rows > 0) {
                    findings.add(notEmpty(table, rows));
                }
            }
        }
        return findings;
    }

    private static long rows(Session session, TableShape table) {
        long counted = session.one(
                "select count(*) from (select from " + table.name().sql() + " limit " + COUNTED + ") counted",
                row -> row.number(1));
        return counted < COUNTED ? counted : Math.max(counted, table.estimatedRows());
    }

    private static Finding notEmpty(TableName table, long rows) {
        return Finding.refused(
                "green.table-not-empty",
                table.toString(),
                "green's table " + table + " holds about " + rows + " rows; the load fills empty tables only",
                "truncate " + table.sql() + ";");
    }
}
