package io.viridian.replication.lane;

import io.viridian.plan.Sql;
import io.viridian.postgres.Session;

/** How every session of ours that writes rows on a closed side is set up. */
public final class WriterSettings {
    private WriterSettings() {}

    /**
     * Passes the guard, leaves triggers and foreign keys to the source (manual 14-18, section 20.11,
     * session_replication_role), sees what others commit, whatever the database is set to, and is durable when
     * committed. The token names the ownership epoch of now, so a
     * session that outlives a switch is refused by the next guard.
     */
    public static void apply(Session session, String migration) {
        long epoch = session.one(
                "select epoch from viridian.ownership where migration = ?", row -> row.number(1), migration);
        session.execute(
                "set session_replication_role = replica; set synchronous_commit = on; set lock_timeout = '60s'; "
                        + "set default_transaction_isolation = 'read committed'; "
                        + "set idle_in_transaction_session_timeout = '10min'; set viridian.token = "
                        + Sql.literal(token(migration, epoch)));
    }

    /** What the guard of this ownership epoch lets pass. */
    public static String token(String migration, long ownershipEpoch) {
        return migration + ":" + ownershipEpoch;
    }
}
