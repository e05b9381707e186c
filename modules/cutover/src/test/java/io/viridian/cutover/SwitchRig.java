package io.viridian.cutover;

import io.viridian.cutover.traffic.Traffic;
import io.viridian.cutover.traffic.TrafficSwitcher;
import io.viridian.fault.Failpoints;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.migration.SwitchAttempt;
import io.viridian.migration.SwitchStep;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import io.viridian.postgres.Database;
import io.viridian.postgres.slot.Publications;
import io.viridian.time.Backoff;
import io.viridian.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** A switchover with everything it needs; a daemon's memory, so to speak. Another rig is another daemon. */
public final class SwitchRig {
    final FakeLane forward;
    final FakeLane reverse;
    final FakeVerifier verifier = new FakeVerifier();
    final List<Side> routed = new CopyOnWriteArrayList<>();
    final Pair pair;
    Failpoints failpoints;
    Duration budget = Duration.ofSeconds(3);
    Duration lockTimeout = Duration.ofMillis(200);
    int lockAttempts = 2;
    long daemonEpoch = 1;

    /** What was asked of whatever holds applications back and leads them, in order. */
    final List<String> traffic = new ArrayList<>();

    /** Application names. */
    List<String> mayBeEnded = List.of();

    /** What was told of them. */
    final List<String> ended = new CopyOnWriteArrayList<>();

    /** How often holding them fails before it does not. */
    int busyTimes;

    Database blue;
    Database green;

    SwitchRig(Pair pair, Failpoints failpoints) {
        this.pair = pair;
        this.failpoints = failpoints;
        this.blue = pair.blue;
        this.green = pair.green;
        this.forward = new FakeLane(Direction.FORWARD, pair.blue);
        this.reverse = new FakeLane(Direction.REVERSE, pair.green);
        for (Side side : Side.values()) {
            pair.on(side)
                    .run(session -> Publications.create(
                            session,
                            published(Direction.from(side)),
                            pair.plan().readOn(side)));
        }
    }

    PostgresSwitchover switchover() {
        SwitchSettings settings = new SwitchSettings(
                Pair.MIGRATION,
                budget,
                lockTimeout,
                lockAttempts,
                1000,
                pair.closing,
                new IdleWriters(mayBeEnded, ended::add),
                Duration.ofSeconds(2),
                () -> daemonEpoch);
        return new PostgresSwitchover(new SwitchParts(
                blue,
                green,
                () -> forward,
                () -> reverse,
                lane -> ((FakeLane) lane).ready,
                verifier,
                pair.plan(),
                new Traffic(
                        List.of(new Recorder()), List.of(), new Backoff(Duration.ofMillis(1), Duration.ofMillis(1), 2)),
                SwitchRig::published,
                settings,
                failpoints,
                Clock.system()));
    }

    static String published(Direction direction) {
        return "rows_" + direction.text();
    }

    SwitchAttempt attempt(Direction direction) {
        return new SwitchAttempt(
                UUID.randomUUID().toString(), pair.row(direction.source()).epoch(), "op");
    }

    /** The whole switch, as a conductor without trouble performs it. */
    public PostgresSwitchover complete(Direction direction) throws InterruptedException {
        PostgresSwitchover switchover = switchover();
        perform(switchover, direction, attempt(direction), SwitchStep.FENCE, SwitchStep.ROUTE);
        return switchover;
    }

    static void perform(
            PostgresSwitchover switchover,
            Direction direction,
            SwitchAttempt attempt,
            SwitchStep first,
            SwitchStep last)
            throws InterruptedException {
        for (SwitchStep step = first; ; step = step.next()) {
            switchover.perform(direction, step, attempt);
            if (step == last) {
                return;
            }
        }
    }

    private final class Recorder implements TrafficSwitcher {
        @Override
        public String name() {
            return "recorder";
        }

        @Override
        public void makeReadyToHold(Duration holds) {
            traffic.add("ready for " + holds.toMillis() + " ms");
        }

        @Override
        public void hold(Duration patience) {
            traffic.add("hold");
            if (busyTimes > 0) {
                busyTimes--;
                throw Fault.of(FaultCode.TRAFFIC_FAILED, "a transaction does not end")
                        .asException();
            }
        }

        @Override
        public void release() {
            traffic.add("release");
        }

        @Override
        public void perform(Side to) {
            traffic.add("lead to " + to.text());
            routed.add(to);
        }

        @Override
        public boolean probe(Side to) {
            return !routed.isEmpty() && routed.getLast() == to;
        }
    }
}
