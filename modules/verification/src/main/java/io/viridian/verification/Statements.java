package io.viridian.verification;

import io.viridian.postgres.RowReader;
import io.viridian.postgres.Session;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs SQL that holds expressions of the mapping. It is prepared on the server first and then executed by name, so that
 * the driver does not see the expressions and cannot take a question mark in them for a parameter. An EXECUTE may still
 * be parallel, which a cursor never is (manual 14-18, section 15.2).
 */
final class Statements {
    private static final AtomicLong NUMBER = new AtomicLong();

    private Statements() {}

    static <T> List<T> list(Session session, String sql, RowReader<T> reader) {
        String name = "viridian_" + NUMBER.incrementAndGet();
        session.execute("prepare " + name + " as " + sql);
        List<T> rows = session.list("execute " + name, reader);
        session.execute("deallocate " + name);
        return rows;
    }

    /** The one row of an aggregate; anything else means that the answer was not read to its end. */
    static <T> T one(Session session, String sql, RowReader<T> reader) {
        List<T> rows = list(session, sql, reader);
        if (rows.size() != 1) {
            throw Unfinished.fault("an aggregate on " + session.side().text() + " gave " + rows.size() + " rows");
        }
        return rows.getFirst();
    }
}
