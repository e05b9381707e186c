package io.viridian.daemon.engine;

import io.viridian.cutover.Closing;
import io.viridian.cutover.canary.SecondSide;
import io.viridian.cutover.canary.SharedSequences;
import io.viridian.daemon.config.DurationText;
import io.viridian.fault.CrashPoint;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.feed.Marker;
import io.viridian.journal.ControlSchema;
import io.viridian.migration.CanaryTerms;
import io.viridian.migration.CanaryWork;
import io.viridian.migration.ConflictPolicy;
import io.viridian.migration.Operation;
import io.viridian.plan.Direction;
import io.viridian.plan.Plan;
import io.viridian.plan.RowPairs;
import io.viridian.plan.Side;
import io.viridian.position.Lsn;
import io.viridian.postgres.slot.Origins;
import io.viridian.replication.canary.Arbiter;
import io.viridian.replication.canary.CanaryParts;
import io.viridian.replication.canary.ConflictCount;
import io.viridian.replication.canary.Orphans;
import io.viridian.replication.canary.Soles;
import io.viridian.replication.canary.Ties;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.replication.lane.LaneSettings;
import io.viridian.replication.lane.Markers;
import io.viridian.replication.lane.Orphan;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;

/**
 * A time with two writable sides, as the conductor's deeds. Before green opens both lanes apply, each knowing what the
 * other has under way; before they are as before, green is closed and both have passed everything. Conductor's thread,
 * but for {@link #counts}.
 */
final class Canary implements CanaryWork {
    private static final Duration LONGEST = Duration.ofHours(24);

    /** A lane that must connect to a server that does not answer gives up after 10 s. */
    private static final Duration LANES_WITHIN = Duration.ofSeconds(30);

    /** What is under way when green closes; it is waited for again and again. */
    private static final Duration DRAINED_WITHIN = Duration.ofSeconds(60);

    private static final Duration LOOK_AROUND = Duration.ofSeconds(1);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final EngineParts parts;
    private final Plan plan;
    private final long daemonEpoch;
    private final Streams streams;
    private final Setup setup;
    private final Proving proving;
    private final RowPairs pairs;
    private final SecondSide second;
    private final SharedSequences sequences;
    private final ConcurrentMap<ConflictCount, Long> counts = new ConcurrentHashMap<>();
    private final Waiter waiter = new Waiter();

    Canary(EngineParts parts, Plan plan, long daemonEpoch, Streams streams, Setup setup, Proving proving) {
        this.parts = parts;
        this.plan = plan;
        this.daemonEpoch = daemonEpoch;
        this.streams = streams;
        this.setup = setup;
        this.proving = proving;
        this.pairs = RowPairs.of(plan);
        this.second = new SecondSide(
                parts.migration(),
                daemonEpoch,
                parts.blue(),
                parts.green(),
                plan.tablesOn(Side.BLUE),
                plan.tablesOn(Side.GREEN),
                parts.failpoints());
        this.sequences = new SharedSequences(
                parts.migration(), parts.blue(), parts.green(), plan.sequences(), parts.failpoints());
    }

    @Override
    public CanaryTerms terms(Operation operation) {
        Map<String, String> asked = operation.parameters();
        Duration lasts = asked.containsKey("for")
                ? duration(asked.get("for"))
                : parts.settings().cutover().canary().lasts();
        ConflictPolicy policy = asked.containsKey("conflicts")
                ? policy(asked.get("conflicts"))
                : parts.settings().cutover().canary().conflicts();
        List<String> obstacles = obstacles();
        if (!obstacles.isEmpty()) {
            throw Fault.of(
                            FaultCode.CANARY_REFUSED,
                            "both sides cannot be written: " + String.join("; ", obstacles) + ". Nothing was changed")
                    .asException();
        }
        return new CanaryTerms(
                operation.id(), operation.by(), parts.clock().now().plus(lasts), policy);
    }

    private static Duration duration(String text) {
        try {
            Duration lasts = DurationText.parse(text);
            if (lasts.compareTo(Duration.ofSeconds(1)) >= 0 && lasts.compareTo(LONGEST) <= 0) {
                return lasts;
            }
        } catch (IllegalArgumentException unreadable) {
            throw wrong("for", "'" + text + "' is no duration: " + unreadable.getMessage());
        }
        throw wrong("for", "a canary lasts from 1s to 24h, not " + text);
    }

    private static ConflictPolicy policy(String text) {
        return ConflictPolicy.parse(text)
                .orElseThrow(() ->
                        wrong("conflicts", "'" + text + "' is none of halt, blue-wins, green-wins and newest-wins"));
    }

    private static FaultException wrong(String parameter, String what) {
        return Fault.about(FaultCode.USAGE, parameter, what).asException();
    }

    private List<String> obstacles() {
        List<String> found = new ArrayList<>();
        if (!plan.reversible()) {
            found.add("reverse.enabled is false, so nothing leads green's rows to blue");
            return found;
        }
        if (Wiring.closing(parts) == Closing.SESSIONS) {
            found.add("cutover.fence is sessions, so no trigger on blue can refuse a TRUNCATE");
        }
        new TreeMap<>(pairs.obstacles()).forEach((table, why) -> found.add(table + ": " + why));
        found.addAll(second.obstacles(pairs.pairs()));
        Ties ties = ties();
        found.addAll(ties.obstacles());
        found.addAll(soles().obstacles());
        orphans(ties).forEach(orphan -> found.add(orphan + ", which is not there; mend it on blue"));
        if (proving.standing().equals("mismatch")) {
            found.add("the sides differ, as the last verification found");
        }
        streams.lane(Direction.REVERSE)
                .map(lane -> lane.status().foreign())
                .filter(foreign -> foreign > 0)
                .ifPresent(foreign -> found.add(foreign + " transactions that are not ours were seen on green, which"
                        + " nothing leads to blue; abort, or mend them and start the daemon anew"));
        found.addAll(sequences.obstacles());
        return found;
    }

    private Ties ties() {
        return Ties.read(pairs.pairs(), parts.blue(), parts.green());
    }

    private Soles soles() {
        return Soles.read(pairs.pairs(), parts.blue(), parts.green());
    }

    /** On green, which is an image of blue whenever it is closed, and where looking is in nobody's way. */
    private List<Orphan> orphans(Ties ties) {
        return parts.green().query(session -> new Orphans(ties).everywhere(session));
    }

    @Override
    public void open(CanaryTerms terms) throws InterruptedException {
        parts.failpoints().pass(CrashPoint.CANARY_INTENT_JOURNALED);
        readyServers();
        if (!second.open()) {
            streams.share(null);
            streams.ensure(plan, Side.BLUE, setup.reverseExists(), false);
            second.readyBlue();
            sequences.setApart();
            second.reverseFrom(passed(Direction.REVERSE));
        }
        ensure(terms);
        parts.failpoints().pass(CrashPoint.CANARY_LANES_TURNED);
        second.openGreen();
    }

    private void readyServers() {
        ControlSchema.upgrade(parts.blue(), ControlSchema.Role.BLUE);
        ControlSchema.upgrade(parts.green(), ControlSchema.Role.GREEN);
        for (Side side : Side.values()) {
            parts.on(side).run(session -> Origins.create(session, LaneSettings.settlingOriginOf(parts.migration())));
        }
    }

    @Override
    public void ensure(CanaryTerms terms) throws InterruptedException {
        if (streams.shared().isEmpty()) {
            Arbiter between = new Arbiter(
                    new CanaryParts(
                            parts.migration(),
                            daemonEpoch,
                            parts.blue(),
                            parts.green(),
                            pairs.pairs(),
                            ties(),
                            soles(),
                            CanaryParts.CONFLICTS_MOST,
                            CanaryParts.rowsThatFit(),
                            parts.failpoints(),
                            parts.clock()),
                    terms.conflicts(),
                    counts);
            between.startsAnew();
            streams.share(between);
        }
        streams.shared().ifPresent(between -> between.decideBy(terms.conflicts()));
        streams.ensure(plan, Side.BLUE, true, false);
        Deadline by = Deadline.after(parts.clock(), LANES_WITHIN);
        for (Direction direction : Direction.values()) {
            ApplyLane lane = streams.lane(direction).orElseThrow();
            boolean ready = waiter.awaitUntil(
                    () -> lane.settled() || lane.status().fault().isPresent(), by, LOOK_EVERY);
            if (!ready) {
                throw Fault.about(
                                FaultCode.REVERSE_UNPROVEN,
                                direction.text(),
                                "the " + direction.text() + " stream did not turn to applying within "
                                        + LANES_WITHIN.toSeconds() + " s; it is tried again")
                        .asException();
            }
        }
    }

    @Override
    public Optional<String> obstacle() {
        return sequences.runsShort();
    }

    @Override
    public void close(CanaryTerms terms) throws InterruptedException {
        parts.failpoints().pass(CrashPoint.CANARY_CLOSING);
        readyServers();
        second.closeGreen();
        ensure(terms);
        Lsn end = passed(Direction.REVERSE);
        passed(Direction.FORWARD);
        parts.failpoints().pass(CrashPoint.CANARY_DRAINED);
        sequences.putTogether();
        streams.share(null);
        second.reverseFrom(end);
        second.putBackBlue();
        requireNoOrphans();
    }

    /** No commit of a lane may have left one; this looks whether that is so. */
    private void requireNoOrphans() {
        List<Orphan> found = orphans(ties());
        if (!found.isEmpty()) {
            throw Fault.about(
                            FaultCode.CANARY_BROKEN,
                            found.getFirst().child().table().toString(),
                            "after the canary, on both sides: "
                                    + found.stream()
                                            .map(orphan -> orphan + ", which is not there")
                                            .collect(Collectors.joining("; "))
                                    + ". Green is closed; mend it on blue")
                    .asException();
        }
    }

    /** Waits until everything written on a direction's source so far is on the other side. */
    private Lsn passed(Direction direction) throws InterruptedException {
        String nonce = Markers.emit(parts.on(direction.source()), parts.migration(), Marker.Kind.FENCE, parts.clock());
        Deadline by = Deadline.after(parts.clock(), DRAINED_WITHIN);
        while (true) {
            // A lane whose other stands waits for it, and does not stand itself.
            streams.standing().ifPresent(fault -> {
                throw fault.asException();
            });
            try {
                return streams.require(direction)
                        .awaitMarker(nonce, Deadline.after(parts.clock(), by.remainingUpTo(LOOK_AROUND)));
            } catch (FaultException late) {
                if (late.code() != FaultCode.DRAIN_TIMEOUT || by.expired()) {
                    throw late;
                }
            }
        }
    }

    /** What this daemon has settled. */
    Map<ConflictCount, Long> counts() {
        return Map.copyOf(counts);
    }
}
