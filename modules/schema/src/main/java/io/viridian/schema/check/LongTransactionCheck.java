package io.viridian.schema.check;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.plan.Sql;
import io.viridian.postgres.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Transactions on blue that have been open for long: creating the slot waits for them, and later the fence does. And
 * whether we may see them at all, on every side that we switch from.
 */
final class LongTransactionCheck implements Check {
    private static final String LONG = """
            select pid, coalesce(usename, ''), coalesce(application_name, ''), coalesce(state, ''),
                   extract(epoch from clock_timestamp() - xact_start)::bigint
            from pg_stat_activity
            where xact_start < clock_timestamp() - ?::text::interval and pid <> pg_backend_pid()
              and backend_type = 'client backend'
            order by xact_start
            """;

    /** Without it other roles' transactions read as absent (manual 14-18, section 28.2). */
    private static final String MAY_LOOK = "select pg_has_role('pg_read_all_stats', 'usage'), current_user::text";

    private final Duration longerThan;

    LongTransactionCheck(Duration longerThan) {
        this.longerThan = longerThan;
    }

    @Override
    public String id() {
        return "long-transactions";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        List<Finding> findings = new ArrayList<>();
        context.on(Side.BLUE).run(session -> {
            findings.addAll(session.list(LONG, LongTransactionCheck::finding, longerThan.toString()));
        });
        for (Side side : context.sources()) {
            context.on(side)
                    .run(session ->
                            session.one(MAY_LOOK, row -> row.truth(1) || findings.add(hidden(side, row.text(2)))));
        }
        return findings;
    }

    private static Finding finding(Row row) {
        return Finding.warning(
                "blue.long-transaction",
                "pid " + row.text(1),
                "process " + row.text(1) + " of " + row.text(2) + " (" + row.text(3) + ", " + row.text(4)
                        + ") has had a transaction open on blue for " + row.number(5)
                        + " seconds; the slot is created only when it has ended",
                "select pg_terminate_backend(" + row.text(1) + ");");
    }

    private static Finding hidden(Side side, String role) {
        return Finding.warning(
                side.text() + ".sessions-hidden",
                role,
                "role " + role + " may not see the sessions of other roles on " + side.text()
                        + ": long transactions among them are not noticed here, and the gates that look at them refuse every"
                        + " switch",
                "grant pg_monitor to " + Sql.identifier(role) + ";");
    }
}
