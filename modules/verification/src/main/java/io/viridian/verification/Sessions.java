package io.viridian.verification;

import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import io.viridian.time.Deadline;
import java.time.Duration;
import java.util.Collection;

/** Opens the sessions of this module, and closes several. */
final class Sessions {
    /**
     * On top of what every session of ours has: rows that row security would hide are an error and not missing, money
     * does not depend on the server's locale, cursors are planned to be read to their end (manual 14-18, sections 20.7
     * and 20.11).
     */
    private static final String SETTINGS = """
            set row_security = off;
            set lc_monetary = 'C';
            set cursor_tuple_fraction = 1;
            """;

    /** Past the deadline it is the server's turn to end what nobody waits for any more, should we be gone. */
    private static final long GRACE_MILLIS = 1000;

    /** A server that takes longer to say goodbye is gone or frozen. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Sessions() {}

    static Session open(Database database, String purpose, Deadline by) {
        Session session = database.open(purpose);
        try {
            session.execute(SETTINGS + limit(by));
            return session;
        } catch (RuntimeException | Error failure) {
            session.close();
            throw failure;
        }
    }

    /** The setting that ends statements soon after the deadline. */
    static String limit(Deadline by) {
        return "set statement_timeout = " + (by.remaining().toMillis() + GRACE_MILLIS);
    }

    /** Rolls back and closes all; those of a server that does not answer are ended without it. */
    static void close(Collection<Session> sessions) {
        Thread closing = Thread.ofVirtual().name("verify-close").start(() -> sessions.forEach(Session::close));
        try {
            if (!closing.join(PATIENCE)) {
                sessions.forEach(Session::abort);
            }
        } catch (InterruptedException _) {
            sessions.forEach(Session::abort);
            Thread.currentThread().interrupt();
        }
    }
}
