package io.viridian.migration;

import io.viridian.fault.Failpoints;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.time.SettableClock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One life of a conductor, played on the test's own thread: what a test wants to happen is told beforehand, by the
 * state upon whose entry it happens. The play is over when the migration rests, or halts, and nothing is left to
 * happen.
 */
final class Stage {
    final SettableClock clock = new SettableClock();
    final OperationDesk desk = new OperationDesk(clock);
    final List<StateName> visited = new ArrayList<>();
    final InMemoryJournal journal;
    final InMemoryOperations operations;
    final FakeWork work;
    final Conductor conductor;
    private final Map<StateName, Deque<Runnable>> planned = new EnumMap<>(StateName.class);
    private final Deque<Runnable> resting = new ArrayDeque<>();
    private Runnable always = () -> {};
    private int asked;

    private Stage(InMemoryJournal journal, InMemoryOperations operations) {
        this.journal = journal;
        this.operations = operations;
        this.work = new FakeWork(this::createJournal, this::rests, clock);
        boolean existing = journal.last().isPresent();
        if (existing) {
            desk.attach(operations);
        }
        this.conductor = new Conductor(
                work,
                existing ? Optional.of(journal) : Optional.empty(),
                Optional.empty(),
                desk,
                this::entered,
                Failpoints.NONE,
                clock);
    }

    /** A daemon that finds these states in its journal; none for a new migration. */
    static Stage after(MigrationState... history) {
        return new Stage(new InMemoryJournal(history), new InMemoryOperations());
    }

    /** Another daemon takes up what this one left. */
    Stage nextDaemon() {
        Stage next = new Stage(journal.openedBy("next daemon"), operations);
        next.asked = asked + 1000;
        return next;
    }

    private Journal createJournal() {
        desk.attach(operations);
        return journal;
    }

    /** The next time this state is entered, this happens; further calls are for the times after that. */
    Stage upon(StateName state, Runnable what) {
        planned.computeIfAbsent(state, _ -> new ArrayDeque<>()).add(what);
        return this;
    }

    /** The next time this state is entered, an operator asks for this. */
    Stage upon(StateName state, Operation.Type asksFor) {
        return upon(state, () -> ask(asksFor));
    }

    /** Each time any state is entered, this happens first. */
    Stage always(Runnable what) {
        always = what;
        return this;
    }

    /** An operator asks now; answers the operation's id. */
    String ask(Operation.Type type) {
        return ask(type, Map.of());
    }

    String ask(Operation.Type type, Map<String, String> parameters) {
        asked++;
        String id = "op-" + asked;
        desk.submit(new Operation(
                id,
                type,
                parameters,
                "",
                "tester",
                Operation.Status.PENDING,
                Map.of(),
                clock.now(),
                Optional.empty(),
                Optional.empty()));
        conductor.attention();
        return id;
    }

    Operation operation(String id) {
        return desk.find(id).orElseThrow();
    }

    /** Plays until nothing more happens; answers the states that were entered. */
    List<StateName> play() {
        conductor.run();
        return visited;
    }

    private void entered(MigrationState state) {
        StateName name = StateName.of(state);
        visited.add(name);
        always.run();
        Runnable what = planned.getOrDefault(name, new ArrayDeque<>()).poll();
        if (what != null) {
            what.run();
        } else if (name == StateName.HALTED) {
            conductor.stop();
        }
    }

    /** The next time the migration rests, this happens; the play ends when it rests and nothing is left to happen. */
    Stage atRest(Runnable what) {
        resting.add(what);
        return this;
    }

    private void rests() {
        Runnable what = resting.poll();
        if (what != null) {
            what.run();
        } else {
            conductor.stop();
        }
    }

    static FaultException fault(FaultCode code) {
        return Fault.of(code, "made by the test").asException();
    }

    static FaultException blueIsAway() {
        return fault(FaultCode.BLUE_UNREACHABLE);
    }

    /** What kill -9 looks like from inside: the thread does not come back. */
    static final class Death extends Error {
        private static final long serialVersionUID = 1L;
    }
}
