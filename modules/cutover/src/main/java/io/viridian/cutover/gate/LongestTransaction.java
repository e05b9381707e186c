package io.viridian.cutover.gate;

import io.viridian.postgres.Row;
import io.viridian.postgres.Session;
import java.time.Duration;
import java.util.Optional;

/** No transaction that writes on the source is old: the fence would have to wait for it. */
final class LongestTransaction implements Check {
    private static final String OLDEST = """
            select (extract(epoch from clock_timestamp() - xact_start) * 1000)::bigint, pid,
                   coalesce(nullif(application_name, ''), usename, ''), state
            from pg_stat_activity
            where datname = current_database() and backend_xid is not null and pid <> pg_backend_pid()
              and application_name not like ? || '%'
            order by xact_start limit 1
            """;

    @Override
    public String id() {
        return "tx.longest";
    }

    @Override
    public String firmBecause() {
        return "";
    }

    @Override
    public Optional<Observation> observe(Inquiry inquiry) {
        Duration max = inquiry.limits().longestWriter();
        String ours = inquiry.parts().on(inquiry.source()).applicationName();
        Optional<PauseForecast.OldestWriter> oldest = inquiry.ask(inquiry.source(), session -> oldest(session, ours));
        return Observation.of(
                oldest.filter(writer -> writer.age().compareTo(max) > 0).isEmpty(),
                oldest.map(writer -> Words.duration(writer.age()) + ", " + writer.who())
                        .orElse("none"),
                "at most " + Words.duration(max),
                "Let it end, or end it: select pg_terminate_backend(pid).");
    }

    static Optional<PauseForecast.OldestWriter> oldest(Session session, String ours) {
        Activity.requireSight(session);
        return session.first(OLDEST, LongestTransaction::writer, ours);
    }

    private static PauseForecast.OldestWriter writer(Row row) {
        String who = "process " + row.number(2) + " (" + row.text(3) + ", "
                + row.optionalText(4).orElse("") + ")";
        return new PauseForecast.OldestWriter(Duration.ofMillis(row.number(1)), who);
    }
}
