package io.viridian.schema.check;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.plan.Sql;
import io.viridian.postgres.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Transactions on blue that have been open for long: creating the slot waits for them, and later the fence does. */
final class LongTransactionCheck implements Check {
    private static final String LONG = """
            select pid, coalesce(usename, ''), coalesce(application_name, ''), coalesce(state, ''),
                   extract(epoch from clock_timestamp() - xact_start)::bigint
            from pg_stat_activity
            where xact_start < clock_timestamp() - ?::text::interval and pid <> pg_backend_pid()
              and backend_type = 'client backend'
            order by xact_start
            """;

    /** What those see who may not look at the sessions of other roles (manual 14-18, section 28.2). */
    private static final String HIDDEN =
            "select count(*), current_user::text from pg_stat_activity where query = '<insufficient privilege>'";

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
            session.one(HIDDEN, row -> row.number(1) > 0 && findings.add(hidden(row)));
        });
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

    private static Finding hidden(Row row) {
        return Finding.warning(
                "blue.sessions-hidden",
                row.text(2),
                "role " + row.text(2) + " may not see " + row.number(1)
                        + " sessions of other roles on blue, so long transactions among them are not noticed",
                "grant pg_read_all_stats to " + Sql.identifier(row.text(2)) + ";");
    }
}
