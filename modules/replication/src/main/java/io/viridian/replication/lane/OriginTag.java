package io.viridian.replication.lane;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Side;
import io.viridian.postgres.Session;

/**
 * The origin that everything bears which a session commits, so that the other direction knows it as ours. One session
 * at a time may use it. A transaction without it would come back as an application's: so every one is asked, by the
 * statement that moves the progress row, whether it bears it. One thread at a time.
 */
final class OriginTag {
    private static final String IN_USE = "55006";

    /** The mark tells a session that was exchanged under our hands, also to a role that may not ask for the origin. */
    private static final String SET = """
            select pg_replication_origin_session_setup(?), set_config('viridian.origin', ?, false),
                   has_function_privilege('pg_replication_origin_session_is_setup()', 'execute')
            """;

    private static final String MARKED = "coalesce(current_setting('viridian.origin', true), '') <> ''";

    private final Session session;
    private final String origin;
    private boolean set;
    private boolean mayAsk;

    OriginTag(Session session, String origin) {
        this.session = session;
        this.origin = origin;
    }

    boolean isSet() {
        return set;
    }

    /** A session of ours that the network cut off may live on for a while on the server. */
    void set() {
        try {
            mayAsk = session.one(SET, row -> row.truth(3), origin, origin);
            set = true;
        } catch (FaultException refused) {
            if (!refused.fault().sqlState().equals(IN_USE)) {
                throw refused;
            }
            FaultCode busy = session.side() == Side.BLUE ? FaultCode.BLUE_BUSY : FaultCode.GREEN_BUSY;
            throw new Fault(
                            busy,
                            "replication origin " + origin + " is still used by a former session: "
                                    + refused.fault().detail(),
                            origin,
                            IN_USE)
                    .asException(refused);
        }
    }

    /** An SQL condition: what the session would commit now bears the origin. */
    String borne() {
        return mayAsk ? MARKED + " and pg_replication_origin_session_is_setup()" : MARKED;
    }

    /** What is committed so would be taken for an application's; it is undone instead. */
    FaultException lost() {
        FaultCode failed = session.side() == Side.BLUE ? FaultCode.BLUE_FAILED : FaultCode.GREEN_FAILED;
        return Fault.about(
                        failed,
                        origin,
                        "a transaction on " + session.side().text() + " would not bear origin " + origin
                                + " any more, and nothing was committed: something exchanged or reset the session, as a"
                                + " pooler does that keeps no sessions")
                .asException();
    }
}
