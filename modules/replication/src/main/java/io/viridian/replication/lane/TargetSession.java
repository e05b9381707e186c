package io.viridian.replication.lane;

import io.viridian.fault.CrashPoint;
import io.viridian.fault.Failpoints;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Derivation;
import io.viridian.plan.Inversion;
import io.viridian.plan.Sql;
import io.viridian.plan.TableName;
import io.viridian.position.Lsn;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import io.viridian.postgres.slot.ServerLog;
import io.viridian.replication.apply.GatheredRows;
import io.viridian.replication.apply.LossLedger;
import io.viridian.replication.apply.MissingRow;
import io.viridian.replication.apply.Slice;
import io.viridian.replication.apply.SliceWriter;
import io.viridian.replication.derive.DerivedTargets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The lane's session on the target. Rows and progress row are committed together; the progress row carries the daemon's
 * epoch, so a daemon that lost its lease can commit nothing, however long it slept. One thread at a time.
 */
final class TargetSession implements AutoCloseable {
    private static final String PROGRESS =
            "select lsn::text, source_time is not null, source_log from viridian.progress where migration = ? and direction = ?";

    private static final String MOVE = """
            update viridian.progress
            set lsn = ?::pg_lsn, source_time = to_timestamp(?::double precision / 1000), transactions = transactions + ?,
                rows = rows + ?, changed_at = clock_timestamp()
            where migration = ? and direction = ? and epoch = ? and lsn < ?::pg_lsn
            """;

    private static final String TAKE_OVER = """
            update viridian.progress set epoch = ?, source_log = coalesce(?, source_log)
            where migration = ? and direction = ? and epoch <= ?
            """;

    private static final String NOTE_LOG = """
            update viridian.progress set source_log = ? where migration = ? and direction = ? and epoch = ?
            """;

    private final LaneSettings settings;
    private final Session session;
    private final Failpoints failpoints;
    private final DerivedTargets derived;
    private final GatheredRows gathered;
    private final LossLedger losses;
    private final OriginTag tag;
    private boolean open;
    private boolean moved;
    private Optional<ServerLog> sourceLog = Optional.empty();

    TargetSession(
            Database target,
            LaneSettings settings,
            Collection<Derivation> derived,
            Collection<Inversion> inversions,
            Failpoints failpoints) {
        this.settings = settings;
        this.failpoints = failpoints;
        this.session = target.open("apply");
        this.tag = new OriginTag(session, settings.origin());
        this.derived = new DerivedTargets(session, settings.migration(), derived);
        this.gathered = new GatheredRows(session, settings.migration(), inversions);
        this.losses = new LossLedger(session, settings.migration(), inversions);
        // Not for what it sets, which takeOver does again: what is asked for the first time takes ten times as long.
        WriterSettings.apply(session, settings.migration());
        progress();
    }

    private Optional<Lsn> progress() {
        return session.first(
                PROGRESS,
                row -> {
                    moved = row.truth(2);
                    sourceLog = row.optionalText(3).map(ServerLog::parse);
                    return row.lsn(1);
                },
                settings.migration(),
                settings.direction().text());
    }

    /**
     * Begins to write: takes over the progress row for this daemon and reads how far the stream was applied. Not
     * before, because a session that was opened earlier would name an ownership epoch that the guard does not let pass
     * any more.
     *
     * @param log whose positions the row holds, when a stream of it is open; else what the row says stays
     */
    Lsn takeOver(Optional<ServerLog> log) {
        WriterSettings.apply(session, settings.migration());
        derived.open();
        gathered.open();
        losses.open();
        return session.transaction(() -> {
            long owned = session.update(
                    TAKE_OVER,
                    settings.daemonEpoch(),
                    log.map(ServerLog::text).orElse(null),
                    settings.migration(),
                    settings.direction().text(),
                    settings.daemonEpoch());
            if (owned != 1) {
                throw lost("take over the progress row");
            }
            return progress().orElseThrow(() -> lost("read the progress row"));
        });
    }

    /**
     * Whether the progress row, when it was taken over, said what a lane had committed. One that the preparation or a
     * switch has set says from where to apply, and a lane that watched may have confirmed more than that.
     */
    boolean moved() {
        return moved;
    }

    /** Whose positions the progress row holds, as it said when it was taken over; empty when nobody has noted it. */
    Optional<ServerLog> sourceLog() {
        return sourceLog;
    }

    /** Notes whose positions the progress row holds from here on. */
    void noteSourceLog(ServerLog log) {
        long noted = session.update(
                NOTE_LOG, log.text(), settings.migration(), settings.direction().text(), settings.daemonEpoch());
        if (noted != 1) {
            throw lost("note the log of " + log.text() + " in the progress row");
        }
        sourceLog = Optional.of(log);
    }

    /**
     * For a lane that watches, which commits nothing that would compare the epoch, and makes the slot forget what it
     * has watched.
     *
     * @throws FaultException with HELD_BY_ANOTHER when another daemon has taken over
     */
    static void requireNotReplaced(Database target, LaneSettings settings) {
        boolean replaced = target.query(session -> session.first(
                        "select 1 from viridian.progress where migration = ? and direction = ? and epoch > ?",
                        row -> true,
                        settings.migration(),
                        settings.direction().text(),
                        settings.daemonEpoch())
                .isPresent());
        if (replaced) {
            throw lost(settings, "watch the slot");
        }
    }

    /** How far the stream was applied when it last was; zero when it never was. */
    static Lsn applied(Database target, LaneSettings settings) {
        return target.query(session -> session.first(
                        PROGRESS,
                        row -> row.lsn(1),
                        settings.migration(),
                        settings.direction().text())
                .orElse(Lsn.ZERO));
    }

    /**
     * Writes changes without committing; repeated calls are one transaction on the target.
     *
     * @param strict whether every row must be found as the stream left it
     * @param missingRow asked for a row that is not there, unless strict
     * @return the keys of rows that were written besides, by target
     */
    Map<TableName, List<List<String>>> write(Slice slice, boolean strict, MissingRow missingRow) {
        begin();
        derived.before(slice);
        new SliceWriter(session, strict, missingRow).write(slice);
        losses.noted(gathered.after(slice));
        losses.after(slice);
        return derived.after(slice);
    }

    /** Looks at what is written, in the transaction that it is written in. */
    <T> T look(Function<Session, T> what) {
        begin();
        return what.apply(session);
    }

    /** How many rows that went this way would come again as others. */
    long lossy() {
        return losses.count();
    }

    /** Whether a derived target is filled and kept. */
    boolean keeps(Derivation derivation) {
        return derived.isBuilt(derivation);
    }

    /** Somebody else may have noted that derived targets are not kept any more. */
    void lookAgainWhatIsKept() {
        derived.open();
    }

    /** Fills a derived target in a transaction of its own, unless another daemon has taken over. */
    void build(Derivation derivation) {
        if (derived.isBuilt(derivation)) {
            return;
        }
        begin();
        boolean ours = session.first(
                        "select 1 from viridian.progress where migration = ? and direction = ? and epoch = ? for share",
                        row -> true,
                        settings.migration(),
                        settings.direction().text(),
                        settings.daemonEpoch())
                .isPresent();
        if (!ours) {
            throw lost("build " + derivation.target());
        }
        derived.build(derivation);
        session.commit();
        open = false;
    }

    /** Commits what was written, and that the stream is applied up to the window's end. */
    void commit(Window.End end) {
        begin();
        Optional<Boolean> bearsOurOrigin = session.first(
                MOVE + " returning " + tag.borne(),
                row -> row.truth(1),
                end.at().toString(),
                end.sourceTime().toEpochMilli(),
                end.transactions(),
                end.rows(),
                settings.migration(),
                settings.direction().text(),
                settings.daemonEpoch(),
                end.at().toString());
        if (bearsOurOrigin.isEmpty()) {
            throw lost("move the progress row to " + end.at());
        }
        if (!bearsOurOrigin.get()) {
            throw tag.lost();
        }
        failpoints.pass(CrashPoint.STREAM_BEFORE_WINDOW_COMMIT);
        session.commit();
        open = false;
        failpoints.pass(CrashPoint.STREAM_AFTER_WINDOW_COMMIT);
    }

    /** Forgets what was written since the last commit. */
    void undo() {
        if (open) {
            session.rollback();
            open = false;
        }
    }

    private void begin() {
        if (!tag.isSet()) {
            tag.set();
        }
        if (!open) {
            session.begin();
            open = true;
        }
    }

    private RuntimeException lost(String doing) {
        return lost(settings, doing);
    }

    private static RuntimeException lost(LaneSettings settings, String doing) {
        return Fault.about(
                        FaultCode.HELD_BY_ANOTHER,
                        Sql.literal(settings.migration()),
                        "cannot " + doing + " of the " + settings.direction().text()
                                + " stream with daemon epoch " + settings.daemonEpoch()
                                + ": another daemon has taken over, or the stream was moved; this one stops")
                .asException();
    }

    /** Whether the server still answers. */
    boolean alive() {
        return session.alive();
    }

    /** Ends the connection at once; from any thread. */
    void abort() {
        session.abort();
    }

    @Override
    public void close() {
        session.close();
    }
}
