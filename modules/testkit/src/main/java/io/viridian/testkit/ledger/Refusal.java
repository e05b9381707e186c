package io.viridian.testkit.ledger;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a failure tells a client of a database that may be moving. See PostgreSQL's Appendix A for the codes.
 */
enum Refusal {
    /** This side does not take writes, or not now: try the other. */
    OTHER_SIDE,
    /** Bad luck: try again. */
    AGAIN,
    /** Must not happen to a client that alone writes its rows: the check reports it. */
    SURPRISE;

    /** The guard's own code, and what a server says that stops, starts, is full, or does not have the bank (yet). */
    private static final Set<String> OTHER_SIDE_CODES =
            Set.of("25006", "42501", "42P01", "3F000", "3D000", "53300", "55000");

    /** Lock timeout, cancelled statement. */
    private static final Set<String> AGAIN_CODES = Set.of("55P03", "57014");

    static Refusal of(SQLException failure) {
        String code = failure.getSQLState();
        if (failure instanceof Transaction.Surprise) {
            return SURPRISE;
        }
        if (code == null || connectionLost(code) || code.startsWith("28") || OTHER_SIDE_CODES.contains(code)) {
            return OTHER_SIDE;
        }
        if (code.startsWith("40") || AGAIN_CODES.contains(code)) {
            return AGAIN;
        }
        return SURPRISE;
    }

    /**
     * Whether a failed COMMIT has certainly not happened: the server answered it with an error of its own. Where the
     * connection went away instead, or the server did, nobody knows.
     */
    static boolean certainlyAborted(SQLException failure) {
        String code = failure.getSQLState();
        return code != null && !connectionLost(code) && !code.startsWith("58") && !code.startsWith("XX");
    }

    private static boolean connectionLost(@Nullable String code) {
        return code != null && (code.startsWith("08") || code.startsWith("57P"));
    }
}
