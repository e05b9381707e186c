package io.viridian.cutover;

import io.viridian.plan.Sql;
import io.viridian.postgres.Session;
import java.util.Optional;

/**
 * Whether transactions of a session's database are read-only unless they say otherwise: {@code
 * default_transaction_read_only} as a setting of the database (manual 14-18, section 20.11.1). It holds for sessions
 * that begin afterwards. What the setting was before is kept as the comment of {@code viridian.guard()}, in the same
 * commit, so that it comes back whoever lifts it and whenever. Stateless; any thread.
 */
public final class ReadOnlyDefault {
    private static final String BEFORE = "viridian: default_transaction_read_only was ";

    /** The database had no setting of its own. */
    private static final String UNSET = "not set";

    private static final String SETTING = """
            select substr(setting, length('default_transaction_read_only=') + 1)
            from pg_db_role_setting s cross join unnest(s.setconfig) as setting
            where s.setrole = 0 and s.setdatabase = (select oid from pg_database where datname = current_database())
              and starts_with(setting, 'default_transaction_read_only=')
            """;

    private static final String NOTE = """
            select note from obj_description(to_regproc('viridian.guard')::oid, 'pg_proc') as note
            where starts_with(note, 'viridian: default_transaction_read_only was ')
            """;

    private ReadOnlyDefault() {}

    /** Whether sessions of this database begin read-only, by whoever's will. */
    public static boolean isOn(Session session) {
        return setting(session)
                .map(value -> session.one("select ?::boolean", row -> row.truth(1), value))
                .orElse(false);
    }

    private static Optional<String> setting(Session session) {
        return session.first(SETTING, row -> row.text(1));
    }

    private static Optional<String> before(Session session) {
        return session.first(NOTE, row -> row.text(1)).map(note -> note.substring(BEFORE.length()));
    }

    /** Sessions that begin after the commit are read-only. Part of the session's transaction; the guard is there. */
    static void raise(Session session) {
        if (before(session).isEmpty()) {
            remember(session, Sql.literal(BEFORE + setting(session).orElse(UNSET)));
        }
        alter(session, "set default_transaction_read_only = on");
    }

    /**
     * The setting becomes what it was before {@link #raise}. Part of the session's transaction.
     *
     * @return false when it was not raised
     */
    public static boolean lift(Session session) {
        Optional<String> before = before(session);
        if (before.isEmpty()) {
            return false;
        }
        alter(
                session,
                before.get().equals(UNSET)
                        ? "reset default_transaction_read_only"
                        : "set default_transaction_read_only = " + Sql.literal(before.get()));
        remember(session, "null");
        return true;
    }

    private static void remember(Session session, String note) {
        session.execute("comment on function viridian.guard() is " + note);
    }

    private static void alter(Session session, String what) {
        String database = session.one("select current_database()", row -> row.text(1));
        session.execute("alter database " + Sql.identifier(database) + " " + what);
    }
}
