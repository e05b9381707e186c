package io.viridian.daemon.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.viridian.control.MigrationControl;
import io.viridian.control.MigrationView;
import io.viridian.control.MigrationView.LagView;
import io.viridian.control.TableView;
import io.viridian.fault.FaultException;
import io.viridian.feed.LaneStatus;
import io.viridian.migration.Consent;
import io.viridian.migration.Gate;
import io.viridian.migration.StateName;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The migration as numbers. {@link #refresh} reads everything once, so that the values of one scrape belong together;
 * the server calls it before each. Safe for any thread, one at a time.
 */
public final class MigrationMetrics {
    private static final Pattern THROTTLED = Pattern.compile("throttled\\((.*)\\)");
    private static final List<String> OWNERS = List.of("blue", "green", "none");
    private static final List<String> ROLLBACKS = List.of("lossless", "lossy", "impossible");
    private static final double MILLIS_PER_SECOND = 1000;

    private final MigrationControl control;
    private final MetricSource source;
    private final MeterBoard board;
    private final FinishedWork finished;
    private final String version;
    private final String migration;

    /** Registers what does not change; the rest appears with the first {@link #refresh}. */
    public MigrationMetrics(
            MeterRegistry registry, MigrationControl control, MetricSource source, String migration, String version) {
        this.control = control;
        this.source = source;
        this.board = new MeterBoard(registry);
        // Of a daemon that dies at every start nothing else tells.
        new UptimeMetrics().bindTo(registry);
        this.finished = new FinishedWork(board);
        this.migration = migration;
        this.version = version;
    }

    /** Brings every number up to date. When the control does not answer, what it would have told is absent. */
    public synchronized void refresh() {
        board.gauge(Metric.BUILD_INFO, 1, version, migration);
        board.gauge(Metric.LEADER, source.leads() ? 1 : 0);
        lanes();
        conflicts();
        slots();
        source.wayBackKeptUntil()
                .ifPresent(at -> board.gauge(Metric.ROLLBACK_KEPT_UNTIL_TIMESTAMP_SECONDS, at.getEpochSecond()));
        source.sequencesLeft().ifPresent(left -> board.gauge(Metric.SEQUENCE_MARGIN_RATIO, left));
        if (answering()) {
            finished.look(control);
        }
        board.show();
    }

    private boolean answering() {
        try {
            MigrationView view = control.view();
            List<Gate> gates = control.gates();
            List<TableView> tables = control.tables();
            state(view);
            lag(view);
            backfill(view, tables);
            gates.forEach(this::gate);
            overrides(view);
            return true;
        } catch (FaultException absentUntilItAnswers) {
            return false;
        }
    }

    private void gate(Gate gate) {
        board.gauge(Metric.GATE_STATUS, gate.passing() ? 1 : 0, gate.id());
        board.gauge(Metric.GATE_OVERRIDDEN, gate.overridden().isPresent() ? 1 : 0, gate.id());
    }

    /** Also of gates that are not read any more, and of switches that are over. */
    private void overrides(MigrationView view) {
        view.consents().stream()
                .filter(one -> one.kind() == Consent.Kind.OVERRIDE && one.given())
                .collect(Collectors.groupingBy(Consent::subject, Collectors.counting()))
                .forEach((gate, times) -> board.total(Metric.GATE_OVERRIDES_TOTAL, times, gate));
    }

    private void state(MigrationView view) {
        for (StateName state : StateName.values()) {
            board.gauge(Metric.MIGRATION_STATE, state.name().equals(view.state()) ? 1 : 0, state.name());
        }
        OWNERS.forEach(side -> board.gauge(Metric.OWNER, side.equals(view.owner()) ? 1 : 0, side));
        String rollback = view.rollback().replaceFirst("[^a-z].*", "");
        ROLLBACKS.forEach(kind -> board.gauge(Metric.ROLLBACK_AVAILABLE, kind.equals(rollback) ? 1 : 0, kind));
        view.closed().ifPresent(closed -> board.gauge(Metric.CLOSED_SIDE_SESSIONS, closed.sessions(), closed.side()));
        for (String flag : view.flags()) {
            Matcher throttled = THROTTLED.matcher(flag);
            if (throttled.matches()) {
                board.gauge(Metric.THROTTLE_ACTIVE, 1, throttled.group(1));
            }
        }
    }

    private void lag(MigrationView view) {
        lag(Direction.FORWARD, view.lag());
        view.reverseLag().ifPresent(lag -> lag(Direction.REVERSE, lag));
        view.reverseLag()
                .flatMap(LagView::seconds)
                .ifPresent(seconds -> board.gauge(Metric.REVERSE_LAG_SECONDS, seconds));
    }

    private void lag(Direction direction, LagView lag) {
        lag.seconds().ifPresent(seconds -> board.gauge(Metric.REPLICATION_LAG_SECONDS, seconds, direction.text()));
        lag.bytes().ifPresent(bytes -> board.gauge(Metric.REPLICATION_LAG_BYTES, bytes, direction.text()));
    }

    private void backfill(MigrationView view, List<TableView> tables) {
        board.total(Metric.BACKFILL_ROWS_TOTAL, view.backfill().rows());
        board.gauge(Metric.BACKFILL_BYTES, view.backfill().bytes(), "done");
        board.gauge(Metric.BACKFILL_BYTES, view.backfill().totalBytes(), "estimated");
        board.gauge(
                Metric.BACKFILL_CHUNKS,
                tables.stream().mapToInt(TableView::chunksDone).sum(),
                "done");
    }

    private void lanes() {
        for (Direction direction : Direction.values()) {
            Optional<LaneStatus> lane = source.lane(direction);
            lane.ifPresent(status -> {
                String way = direction.text();
                status.lastMarkerEmitted()
                        .ifPresent(at -> board.gauge(
                                Metric.HEARTBEAT_APPLIED_TIMESTAMP_SECONDS,
                                at.toEpochMilli() / MILLIS_PER_SECOND,
                                way));
                board.total(Metric.APPLY_TRANSACTIONS_TOTAL, status.transactions(), way);
                board.total(Metric.APPLY_ROWS_TOTAL, status.rows(), way, "all");
                board.gauge(Metric.QUEUE_BYTES, status.queuedBytes(), way);
                board.gauge(Metric.SPOOL_BYTES, status.spooledBytes(), way);
            });
        }
    }

    private void conflicts() {
        source.conflicts()
                .forEach((labels, count) ->
                        board.total(Metric.APPLY_CONFLICTS_TOTAL, count, labels.toArray(String[]::new)));
    }

    private void slots() {
        for (Side side : Side.values()) {
            source.refused(side).ifPresent(refused -> board.total(Metric.REFUSED_WRITES_TOTAL, refused, side.text()));
            source.slot(side).ifPresent(slot -> {
                board.gauge(Metric.SLOT_RETAINED_BYTES, slot.retainedBytes(), side.text());
                source.slotGivenUpAt(side).ifPresent(most -> board.gauge(Metric.SLOT_GIVE_UP_BYTES, most, side.text()));
                slot.safeWalBytes().ifPresent(safe -> board.gauge(Metric.SLOT_SAFE_WAL_BYTES, safe, side.text()));
            });
        }
    }
}
