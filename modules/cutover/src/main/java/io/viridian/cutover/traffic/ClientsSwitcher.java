package io.viridian.cutover.traffic;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Side;
import io.viridian.plan.Sql;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For clients that know both hosts and look for the writable one: {@code target_session_attrs=read-write} (libpq,
 * manual 14-18, section 34.1.2) and {@code targetServerType=primary} (JDBC). New sessions on the closed side begin read
 * only, which is what those clients look at; sessions of ours set it off again as their first statement.
 *
 * <p>A session that is there already keeps reading, and is refused by the guard when it writes. Pools do not take that
 * refusal for a broken connection, so idle sessions from before the switch are ended, and the pool connects anew. A
 * client that never connects anew (pgbench, a script with one connection) gets the refusal until somebody restarts it:
 * no setting of the server can lead it elsewhere.
 */
public final class ClientsSwitcher implements TrafficSwitcher {
    private static final Logger LOG = LoggerFactory.getLogger(ClientsSwitcher.class);

    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private static final Duration BETWEEN_SWEEPS = Duration.ofMillis(20);

    private static final String READ_ONLY = """
            select coalesce((select 'default_transaction_read_only=on' = any (s.setconfig) from pg_db_role_setting s
                             where s.setrole = 0
                               and s.setdatabase = (select oid from pg_database where datname = current_database())), false)
            """;

    /**
     * Only what waits between transactions, so nothing that works is torn apart; a busy session is met a little later.
     */
    private static final String END_IDLE = """
            select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and backend_type = 'client backend' and state = 'idle'
              and backend_start < ?::timestamptz and application_name not like ? || '%' and pid <> pg_backend_pid()
            """;

    private static final String LEFT = """
            select count(*) from pg_stat_activity
            where datname = current_database() and backend_type = 'client backend'
              and backend_start < ?::timestamptz and application_name not like ? || '%' and pid <> pg_backend_pid()
            """;

    private final Database blue;
    private final Database green;
    private final Duration endIdleFor;
    private final Clock clock;
    private final Waiter waiter = new Waiter();

    /**
     * The switcher.
     *
     * @param endIdleFor how long sessions from before the switch are watched for being idle; zero leaves all of them
     *     alone
     */
    public ClientsSwitcher(Database blue, Database green, Duration endIdleFor, Clock clock) {
        this.blue = blue;
        this.green = green;
        this.endIdleFor = endIdleFor;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "clients";
    }

    private Database on(Side side) {
        return side == Side.BLUE ? blue : green;
    }

    @Override
    public void perform(Side to) throws InterruptedException {
        try {
            // The open side first: for a moment both look writable and the guard refuses, rather than neither.
            on(to).run(session -> set(session, "reset default_transaction_read_only"));
            on(to.other()).run(session -> set(session, "set default_transaction_read_only = on"));
        } catch (FaultException failure) {
            throw Fault.about(FaultCode.TRAFFIC_FAILED, name(), failure.fault().sentence())
                    .asException(failure);
        }
        if (endIdleFor.isPositive()) {
            endIdle(on(to.other()));
        }
    }

    private static void set(Session session, String what) {
        String database = session.one("select current_database()", row -> row.text(1));
        session.execute("alter database " + Sql.identifier(database) + " " + what);
    }

    private void endIdle(Database closed) throws InterruptedException {
        Deadline by = Deadline.after(clock, endIdleFor);
        String ours = closed.applicationName();
        try {
            String now = closed.query(session -> session.one("select clock_timestamp()::text", row -> row.text(1)));
            while (!by.expired()) {
                closed.run(session -> session.list(END_IDLE, row -> true, now, ours));
                long left = closed.query(session -> session.one(LEFT, row -> row.number(1), now, ours));
                if (left == 0) {
                    return;
                }
                waiter.await(BETWEEN_SWEEPS);
            }
        } catch (FaultException failure) {
            if (!failure.fault().sqlState().equals(INSUFFICIENT_PRIVILEGE)) {
                throw Fault.about(
                                FaultCode.TRAFFIC_FAILED,
                                name(),
                                failure.fault().sentence())
                        .asException(failure);
            }
            LOG.warn(
                    "Sessions from before the switch stay on {}: the role may not end them (grant pg_signal_backend). "
                            + "They read on, and the guard refuses their writes.",
                    closed.side().text());
        }
    }

    @Override
    public boolean probe(Side to) {
        return !readOnly(on(to)) && readOnly(on(to.other()));
    }

    private static boolean readOnly(Database database) {
        return database.query(session -> session.one(READ_ONLY, row -> row.truth(1)));
    }

    /** Takes the setting off both sides, when the migration ends. */
    public void remove() {
        for (Database database : new Database[] {blue, green}) {
            database.run(session -> {
                if (session.one(READ_ONLY, row -> row.truth(1))) {
                    set(session, "reset default_transaction_read_only");
                }
            });
        }
    }
}
