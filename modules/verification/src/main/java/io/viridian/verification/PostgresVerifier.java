package io.viridian.verification;

import io.viridian.fault.CrashPoint;
import io.viridian.fault.Failpoints;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.fault.Invariant;
import io.viridian.feed.Lane;
import io.viridian.plan.Direction;
import io.viridian.plan.Plan;
import io.viridian.plan.Route;
import io.viridian.plan.TableName;
import io.viridian.proof.Verification;
import io.viridian.proof.Verification.TableResult;
import io.viridian.proof.Verifier;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Compares by hashes that both servers compute over the mapping's expressions; row by row only where the sums differ.
 * Holds nothing between two calls, so any thread may call, and several at a time.
 *
 * <p>A clean verification of all tables makes the lane forget what it touched before its point. One that ends otherwise
 * takes nothing away from an older one: the lane still knows every row touched since that.
 */
public final class PostgresVerifier implements Verifier {
    private final Plan plan;
    private final Databases databases;
    private final VerifyLimits limits;
    private final VerifyProgress progress;
    private final Failpoints failpoints;
    private final Clock clock;

    public PostgresVerifier(
            Plan plan,
            Databases databases,
            VerifyLimits limits,
            VerifyProgress progress,
            Failpoints failpoints,
            Clock clock) {
        this.plan = plan;
        this.databases = databases;
        this.limits = limits;
        this.progress = progress;
        this.failpoints = failpoints;
        this.clock = clock;
    }

    @Override
    public Verification verify(Direction direction, Lane lane, Set<TableName> only, Deadline by)
            throws InterruptedException {
        Invariant.require(lane.direction() == direction, "verifying " + direction + " with a lane " + lane.direction());
        Instant started = clock.now();
        long startNanoTime = clock.nanoTime();
        List<Compared> all = compared(direction);
        List<Compared> chosen = chosen(all, only);
        PairTaker taker = new PairTaker(databases, lane, limits, failpoints, clock);
        boolean whole = chosen.size() == all.size();
        Runnable atThePair = whole ? lane::markTouched : () -> {};
        try (ExactPair pair = taker.take(chosen, atThePair, by)) {
            Map<TableName, TableResult> results = compare(pair, by);
            failpoints.pass(CrashPoint.VERIFY_BEFORE_RESULT);
            Verification found = new Verification(
                    started,
                    clock.since(startNanoTime),
                    taker.laneHeld(),
                    chosen.stream().map(one -> results.get(one.target())).toList());
            if (whole && found.clean()) {
                lane.forgetMarked();
            }
            return found;
        } catch (FaultException failure) {
            throw Unfinished.from(failure);
        }
    }

    @Override
    public Optional<Verification> verifyTouched(Direction direction, Lane lane, Deadline by)
            throws InterruptedException {
        Invariant.require(lane.direction() == direction, "verifying " + direction + " with a lane " + lane.direction());
        Instant started = clock.now();
        long startNanoTime = clock.nanoTime();
        List<Compared> keyed = compared(direction).stream()
                .filter(one -> !RowsOf.of(List.of(one)).isEmpty())
                .toList();
        List<RowsOf> rows = RowsOf.of(keyed);
        if (rows.isEmpty()) {
            return lane.touched().map(_ -> new Verification(started, Duration.ZERO, Duration.ZERO, List.of()));
        }
        TouchedRows touched = new TouchedRows(lane, rows);
        PairTaker taker = new PairTaker(databases, lane, limits, failpoints, clock);
        try (touched;
                ExactPair pair = taker.take(keyed, touched::take, by)) {
            List<TableResult> results = compareTouched(pair, rows, touched, by);
            Verification found = new Verification(started, clock.since(startNanoTime), taker.laneHeld(), results);
            if (touched.known() && found.clean()) {
                touched.proven();
            }
            return touched.known() ? Optional.of(found) : Optional.empty();
        } catch (FaultException failure) {
            throw Unfinished.from(failure);
        }
    }

    private List<TableResult> compareTouched(ExactPair pair, List<RowsOf> all, TouchedRows touched, Deadline by)
            throws InterruptedException {
        SessionPair sessions = pair.workers().getFirst();
        sessions.each("preparing to compare rows", session -> session.execute(RowComparison.SETTINGS), by);
        List<TableResult> results = new ArrayList<>();
        for (RowsOf rows : all) {
            List<List<String>> keys = touched.keysOf(rows);
            if (!keys.isEmpty()) {
                results.add(new RowComparison(plan, rows, pair.facts(), sessions, by).compare(keys));
            }
        }
        return results;
    }

    @Override
    public PreparedComparison prepareRows(Direction direction, Map<TableName, List<List<String>>> touched, Deadline by)
            throws InterruptedException {
        return PreparedRows.open(
                plan, compared(direction), new PreparedRows.Parts(databases, direction, limits, clock), touched, by);
    }

    private List<Compared> compared(Direction direction) {
        List<Route> routes = plan.routes(direction);
        Invariant.require(!routes.isEmpty(), "nothing is mapped " + direction.text() + ", so nothing can be proven");
        return Compared.of(routes, direction == Direction.FORWARD ? plan.derived() : List.of());
    }

    /** What a target holds can only be told from everything that fills it, so a source stands for all its targets. */
    private static List<Compared> chosen(List<Compared> all, Set<TableName> only) {
        if (only.isEmpty()) {
            return all;
        }
        Set<TableName> unknown = new HashSet<>(only);
        List<Compared> chosen = new ArrayList<>();
        for (Compared one : all) {
            boolean byTarget = unknown.remove(one.target()) || only.contains(one.target());
            boolean bySource = one.sources().stream().anyMatch(only::contains);
            one.sources().forEach(unknown::remove);
            if (bySource || byTarget) {
                chosen.add(one);
            }
        }
        if (!unknown.isEmpty()) {
            throw Fault.of(FaultCode.USAGE, "not mapped, so there is nothing to compare: " + unknown)
                    .asException();
        }
        return chosen;
    }

    private Map<TableName, TableResult> compare(ExactPair pair, Deadline by) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        Map<TableName, TableResult> results = new ConcurrentHashMap<>();
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (SessionPair worker : pair.workers()) {
            tasks.add(() -> {
                for (int step = next.getAndIncrement(); step < pair.steps().size(); step = next.getAndIncrement()) {
                    pair.comeTo(step, worker);
                    compare(pair, pair.steps().get(step), worker, results, by);
                }
                return true;
            });
        }
        TaskGroup.run("comparing tables", tasks, pair.sessions(), by);
        return results;
    }

    private void compare(
            ExactPair pair, Compared step, SessionPair worker, Map<TableName, TableResult> results, Deadline by)
            throws InterruptedException {
        progress.started(step.sources(), step.target());
        TableResult compared = new TableComparison(plan, step, pair.facts(), worker, by).compare();
        TableResult result = new DeferrableKeys(worker, pair.facts(), by).judge(compared);
        results.put(step.target(), result);
        progress.finished(result);
    }
}
