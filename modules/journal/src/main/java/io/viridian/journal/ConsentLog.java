package io.viridian.journal;

import io.viridian.migration.Consent;
import io.viridian.migration.ConsentBook;
import io.viridian.postgres.Database;
import io.viridian.postgres.Row;
import java.util.List;
import java.util.Locale;

/** What people put their names to, append-only, numbered from 1 without gaps. */
public final class ConsentLog implements ConsentBook {
    private static final String COLUMNS = "number, kind, subject, given, reason, given_by, " + Moment.sql("at") + ", "
            + Moment.sql("until") + ", plan_hash, epoch, operation";

    /** Writers take turns: the next number is the last one plus one. */
    private static final String ONE_AT_A_TIME =
            "select pg_advisory_xact_lock(hashtextextended('viridian.consent ' || ?, 0))";

    private static final String APPEND = """
            insert into viridian.consent (migration, number, kind, subject, given, reason, given_by, at, until, plan_hash,
                epoch, operation)
            select ?, coalesce(max(number), 0) + 1, ?, ?, ?, ?, ?, ?::timestamptz, ?::timestamptz, ?, ?, ?
            from viridian.consent where migration = ?
            on conflict (migration, operation) do nothing
            """;

    private static final String OF_OPERATION =
            "select " + COLUMNS + " from viridian.consent where migration = ? and operation = ?";

    private static final String NEWEST =
            "select " + COLUMNS + " from viridian.consent where migration = ? order by number desc limit ?";

    private final Database database;
    private final String migration;

    public ConsentLog(Database database, String migration) {
        this.database = database;
        this.migration = migration;
    }

    @Override
    public Consent append(Consent consent) {
        return database.transaction(session -> {
            session.list(ONE_AT_A_TIME, _ -> true, migration);
            session.update(
                    APPEND,
                    migration,
                    consent.kind().text(),
                    consent.subject(),
                    consent.given(),
                    consent.reason(),
                    consent.by(),
                    consent.at().toString(),
                    consent.until().toString(),
                    consent.planHash(),
                    consent.epoch(),
                    consent.operation(),
                    migration);
            return session.one(OF_OPERATION, ConsentLog::consent, migration, consent.operation());
        });
    }

    @Override
    public List<Consent> newest(int most) {
        return database.query(session -> session.list(NEWEST, ConsentLog::consent, migration, most))
                .reversed();
    }

    private static Consent consent(Row row) {
        return new Consent(
                row.number(1),
                Consent.Kind.valueOf(row.text(2).toUpperCase(Locale.ROOT)),
                row.text(3),
                row.truth(4),
                row.text(5),
                row.text(6),
                Moment.of(row, 7),
                Moment.of(row, 8),
                row.text(9),
                row.number(10),
                row.text(11));
    }
}
