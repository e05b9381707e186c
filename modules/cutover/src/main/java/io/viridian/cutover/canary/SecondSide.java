package io.viridian.cutover.canary;

import io.viridian.cutover.Guard;
import io.viridian.cutover.Ownership;
import io.viridian.cutover.OwnershipRows;
import io.viridian.fault.CrashPoint;
import io.viridian.fault.Failpoints;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.plan.RowPair;
import io.viridian.plan.Side;
import io.viridian.plan.TableName;
import io.viridian.position.Lsn;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Green as a second side that applications write on. Blue's row of ownership says OPEN and green's CLOSED all the
 * while: who owns does not change, only green's guard lets others in. Conductor's thread.
 */
public final class SecondSide {
    /** Writers queue behind the lock; whoever holds it longer is waited for, in many short attempts. */
    private static final String LOCK_TIMEOUT = "set local lock_timeout = '500ms'";

    /** A TRUNCATE or a change of shape that is under way ends, or the canary does not begin. */
    private static final String SETTLE_TIMEOUT = "set local lock_timeout = '10s'";

    /** As a switch does it: from where the way back applies, not what a lane has applied. */
    private static final String REVERSE = """
            insert into viridian.progress (migration, direction, lsn, epoch, changed_at)
            values (?, 'reverse', ?::pg_lsn, ?, clock_timestamp())
            on conflict (migration, direction) do update
            set lsn = excluded.lsn, epoch = excluded.epoch, source_time = null, changed_at = excluded.changed_at
            where viridian.progress.epoch <= excluded.epoch
            """;

    private final String migration;
    private final long daemonEpoch;
    private final Database blue;
    private final Database green;
    private final Collection<TableName> blueTables;
    private final Collection<TableName> greenTables;
    private final Failpoints failpoints;

    /** The second side of a migration, for the daemon of this epoch. */
    public SecondSide(
            String migration,
            long daemonEpoch,
            Database blue,
            Database green,
            Collection<TableName> blueTables,
            Collection<TableName> greenTables,
            Failpoints failpoints) {
        this.migration = migration;
        this.daemonEpoch = daemonEpoch;
        this.blue = blue;
        this.green = green;
        this.blueTables = List.copyOf(blueTables);
        this.greenTables = List.copyOf(greenTables);
        this.failpoints = failpoints;
    }

    /** What in both catalogs is in the way, a sentence each. */
    public List<String> obstacles(List<RowPair> pairs) {
        List<String> found = new ArrayList<>(blue.query(session -> SharedSide.obstacles(session, pairs)));
        found.addAll(green.query(session -> SharedSide.obstacles(session, pairs)));
        return found;
    }

    /** Whether applications may write on green. */
    public boolean open() {
        return !green.query(Guard::inspect).closed();
    }

    /** From here on nothing empties a table of blue, and what was about to has ended. */
    public void readyBlue() {
        blue.transaction(session -> {
            SharedSide.requireOurs(session, migration, daemonEpoch);
            guard().share(session, epoch(session));
            return true;
        });
        blue.transaction(session -> {
            session.execute(SETTLE_TIMEOUT);
            session.execute("lock table " + list(blueTables) + " in access share mode");
            return true;
        });
        failpoints.pass(CrashPoint.CANARY_BLUE_READY);
    }

    /** Says from where green's own changes are applied on blue; green must be closed. */
    public void reverseFrom(Lsn position) {
        if (open()) {
            throw Fault.of(FaultCode.OWNERSHIP_IMPOSSIBLE, "green is open already; what it wrote would be left out")
                    .asException();
        }
        blue.transaction(session -> {
            long moved = session.update(REVERSE, migration, position.toString(), daemonEpoch);
            if (moved != 1) {
                throw Fault.about(FaultCode.HELD_BY_ANOTHER, migration, "another daemon has taken over the way back")
                        .asException();
            }
            return true;
        });
        failpoints.pass(CrashPoint.CANARY_REVERSE_SET);
    }

    /** Lets applications write on green. */
    public void openGreen() {
        green.transaction(session -> {
            SharedSide.requireOurs(session, migration, daemonEpoch);
            guard().share(session, epoch(session));
            return true;
        });
        failpoints.pass(CrashPoint.CANARY_OPENED);
    }

    /**
     * Lets nobody write on green any more, once those who are writing have ended.
     *
     * @throws io.viridian.fault.FaultException with GREEN_BUSY when they do not end soon; tried again
     */
    public void closeGreen() {
        if (open()) {
            green.transaction(session -> {
                session.execute(LOCK_TIMEOUT);
                session.execute("lock table " + list(greenTables) + " in share row exclusive mode");
                SharedSide.requireOurs(session, migration, daemonEpoch);
                guard().close(session, epoch(session));
                return true;
            });
        }
        failpoints.pass(CrashPoint.CANARY_CLOSED);
    }

    /** Blue is written as it was before. */
    public void putBackBlue() {
        blue.transaction(session -> {
            SharedSide.requireOurs(session, migration, daemonEpoch);
            guard().open(session, epoch(session));
            return true;
        });
        failpoints.pass(CrashPoint.CANARY_PUT_BACK);
    }

    private Guard guard() {
        return Guard.between(migration, blue, green);
    }

    /** Blue must own the writes, and each side's guard goes by the epoch of its own row. */
    private long epoch(Session session) {
        Ownership row = OwnershipRows.read(session, migration)
                .orElseThrow(() -> impossible(session.side(), "has no ownership row"));
        if (row.owner() != Side.BLUE) {
            throw impossible(session.side(), "says that " + row.owner().text() + " owns the writes");
        }
        return row.epoch();
    }

    private static RuntimeException impossible(Side side, String what) {
        return Fault.about(
                        FaultCode.OWNERSHIP_IMPOSSIBLE,
                        side.text(),
                        side.text() + " " + what + "; green stays as it is")
                .asException();
    }

    private static String list(Collection<TableName> tables) {
        return tables.stream().map(TableName::sql).sorted().collect(Collectors.joining(", "));
    }
}
