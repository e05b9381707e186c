package io.viridian.verification;

import io.viridian.plan.Direction;
import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import io.viridian.time.Deadline;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Sessions on both sides whose snapshots show the same point of the source's history, with every table locked against
 * TRUNCATE. Each worker has one session on either side and goes through the steps in their order; it gives up the
 * locks of the tables it has passed. Workers may go on side by side.
 */
final class ExactPair implements AutoCloseable {
    private final SnapshotSide source;
    private final SnapshotSide target;
    private final List<SessionPair> workers = new ArrayList<>();
    private final PairFacts facts;
    private final List<Compared> steps;
    private final TableLocks sourceLocks;
    private final TableLocks targetLocks;

    private ExactPair(SnapshotSide source, SnapshotSide target, List<Compared> all, VerifyLimits limits, Deadline by)
            throws InterruptedException {
        this.source = source;
        this.target = target;
        for (int worker = 0; worker < limits.tables(); worker++) {
            workers.add(new SessionPair(source.reader(worker), target.reader(worker)));
        }
        this.facts = PairFacts.read(workers.getFirst(), all, limits.strongest(), by);
        this.steps = smallFirst(all);
        this.sourceLocks = locks(facts.source(), Compared::sources, limits);
        this.targetLocks = locks(facts.target(), step -> List.of(step.target()), limits);
    }

    /** Opens the sessions; nothing is locked and no snapshot taken yet. */
    static ExactPair open(
            Databases databases, Direction direction, List<Compared> all, VerifyLimits limits, Deadline by)
            throws InterruptedException {
        SnapshotSide source = SnapshotSide.open(databases.on(direction.source()), limits.tables(), by);
        try {
            SnapshotSide target = SnapshotSide.open(databases.on(direction.target()), limits.tables(), by);
            try {
                return new ExactPair(source, target, all, limits, by);
            } catch (RuntimeException | Error | InterruptedException failure) {
                target.close();
                throw failure;
            }
        } catch (RuntimeException | Error | InterruptedException failure) {
            source.close();
            throw failure;
        }
    }

    /** Tables that are done early are given up early. Partitioned ones count as large. */
    private List<Compared> smallFirst(List<Compared> all) {
        return all.stream().sorted(Comparator.comparingLong(this::size)).toList();
    }

    private long size(Compared step) {
        return step.sources().stream().mapToLong(facts.source()::size).sum();
    }

    private TableLocks locks(ServerFacts server, Function<Compared, List<TableName>> tables, VerifyLimits limits) {
        return new TableLocks(server, steps.stream().map(tables).toList(), limits.lockPatience());
    }

    PairFacts facts() {
        return facts;
    }

    /** In the order in which they must be compared. */
    List<Compared> steps() {
        return steps;
    }

    List<SessionPair> workers() {
        return workers;
    }

    /** All sessions, for whoever has to stop what they do. */
    List<Session> sessions() {
        List<Session> all = new ArrayList<>(source.sessions());
        all.addAll(target.sessions());
        return all;
    }

    /** From here on the source's tables and row versions stay what they are; before the snapshot is taken. */
    void guardSource(Deadline by) throws InterruptedException {
        run("guarding the source's tables", source, side -> side.guardTablesAndRows(sourceLocks), by);
    }

    /** The source as this snapshot sees it, the target as it is now. */
    void see(String sourceSnapshot, Deadline by) throws InterruptedException {
        TaskGroup.run(
                "taking the snapshots",
                List.of(
                        () -> {
                            source.see(sourceSnapshot);
                            source.lockTables(sourceLocks);
                            return true;
                        },
                        () -> {
                            target.guardTables(targetLocks);
                            target.seeNow();
                            target.lockTables(targetLocks);
                            return true;
                        }),
                sessions(),
                by);
    }

    /** The worker comes to this step and gives up what it has passed. */
    void comeTo(int step, SessionPair worker) {
        sourceLocks.passBefore(step, worker.source());
        targetLocks.passBefore(step, worker.target());
    }

    private static void run(String doing, SnapshotSide side, Consumer<SnapshotSide> work, Deadline by)
            throws InterruptedException {
        TaskGroup.run(
                doing,
                List.of(() -> {
                    work.accept(side);
                    return true;
                }),
                side.sessions(),
                by);
    }

    @Override
    public void close() {
        try {
            source.close();
        } finally {
            target.close();
        }
    }
}
