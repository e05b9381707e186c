package io.viridian.replication.canary;

import io.viridian.control.ConflictView;
import io.viridian.postgres.Database;
import io.viridian.postgres.Row;
import io.viridian.postgres.Session;
import java.time.Instant;
import java.util.List;

/** The conflicts that a side keeps: those whose row went there. Stateless; any thread. */
public final class ConflictBook {
    private static final String READ = """
            select target, key, kind, blue_row::text, green_row::text, (extract(epoch from blue_at) * 1000)::bigint,
                (extract(epoch from green_at) * 1000)::bigint, blue_lsn::text, green_lsn::text, policy, outcome,
                (extract(epoch from settled_at) * 1000)::bigint
            from viridian.conflict where migration = ? order by number desc limit ?
            """;

    private ConflictBook() {}

    /** Newest first. */
    public static List<ConflictView> read(Database side, String migration, int most) {
        return side.query(session -> read(session, migration, most));
    }

    private static List<ConflictView> read(Session session, String migration, int most) {
        boolean there = session.one("select to_regclass('viridian.conflict') is not null", row -> row.truth(1));
        return there ? session.list(READ, ConflictBook::view, migration, most) : List.of();
    }

    private static ConflictView view(Row row) {
        return new ConflictView(
                row.text(1),
                row.texts(2),
                row.text(3),
                row.optionalText(4),
                row.optionalText(5),
                Instant.ofEpochMilli(row.number(6)),
                Instant.ofEpochMilli(row.number(7)),
                row.text(8),
                row.text(9),
                row.text(10),
                row.text(11),
                Instant.ofEpochMilli(row.number(12)));
    }
}
