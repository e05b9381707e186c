package io.viridian.migration;

import io.viridian.fault.Fault;
import io.viridian.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where operations wait and are accounted for. Kept durably in {@link Operations} as long as those exist, and in memory
 * besides, so that the end of a migration, which removes them, can still be told. Any thread.
 */
public final class OperationDesk {
    /** Enough for a page of history; the durable list is longer. */
    public static final int REMEMBERED = 200;

    private final Clock clock;
    private final Map<String, Operation> known = new LinkedHashMap<>();
    private final List<String> waiting = new ArrayList<>();
    private final List<String> untilFinal = new ArrayList<>();
    private @Nullable Operations durable;

    public OperationDesk(Clock clock) {
        this.clock = clock;
    }

    /**
     * From here on operations are kept durably. The newest of earlier daemons are known from here on, too, and those
     * that a dead one left behind are taken over.
     */
    public synchronized void attach(Operations operations) {
        durable = operations;
        Map<String, Operation> own = new LinkedHashMap<>(known);
        own.values().forEach(operations::save);
        List<Operation> unfinished = operations.unfinished();
        List<Operation> newest = operations.recent(REMEMBERED).reversed();
        Set<String> ids = newest.stream().map(Operation::id).collect(Collectors.toSet());
        known.clear();
        unfinished.stream().filter(left -> !ids.contains(left.id())).forEach(this::remember);
        newest.forEach(this::remember);
        own.values().forEach(this::remember);
        unfinished.stream().filter(left -> !own.containsKey(left.id())).forEach(this::takeOver);
    }

    private void takeOver(Operation left) {
        if (left.status() == Operation.Status.PENDING) {
            if (left.type() == Operation.Type.ARM) {
                // Nobody who asked another daemon is there to see what this one does.
                finish(left, Operation.Status.CANCELLED, Map.of("detail", "the daemon that was asked is gone"));
            } else {
                waiting.add(left.id());
            }
            return;
        }
        switch (left.type()) {
            case ABORT, FINALIZE -> untilFinal.add(left.id());
            // Written down once, however often it is taken up.
            case OVERRIDE, APPROVE -> waiting.add(left.id());
            case CUTOVER, ROLLBACK, VERIFY, REHEARSE, ARM, DISARM, CANARY, PAUSE, RESUME -> {}
        }
    }

    /**
     * Of what an earlier daemon had begun, only that goes on which the journal's state knows of; the rest ended with
     * that daemon, before it had changed anything.
     */
    synchronized void settle(MigrationState found) {
        for (Operation left : List.copyOf(known.values())) {
            boolean begun = left.status() == Operation.Status.RUNNING || left.status() == Operation.Status.UNKNOWN;
            if (begun && !waiting.contains(left.id()) && !goesOn(left, found)) {
                untilFinal.remove(left.id());
                finish(left, Operation.Status.CANCELLED, Map.of("detail", "the daemon ended while this was running"));
            }
        }
    }

    private static boolean goesOn(Operation operation, MigrationState state) {
        return switch (state) {
            case MigrationState.Switching one -> one.attempt().operation().equals(operation.id());
            case MigrationState.Canary _ -> operation.type() == Operation.Type.CANARY;
            case MigrationState.Finalizing _, MigrationState.Finalized _ -> operation.type() == Operation.Type.FINALIZE;
            case MigrationState.Aborting _, MigrationState.Aborted _ -> operation.type() == Operation.Type.ABORT;
            case MigrationState.Halted one -> goesOn(operation, one.during());
            case MigrationState.New _,
                    MigrationState.Preflight _,
                    MigrationState.Preparing _,
                    MigrationState.Backfilling _,
                    MigrationState.CatchingUp _,
                    MigrationState.Resting _ -> false;
        };
    }

    /** The durable list is about to go. */
    public synchronized void detach() {
        durable = null;
    }

    /** Accepts an operation; one that cannot be written down is not accepted. */
    public synchronized void submit(Operation operation) {
        write(operation);
        remember(operation);
        waiting.add(operation.id());
    }

    /** Takes up at once what nobody had to ask for. */
    synchronized Operation submitRunning(Operation operation) {
        Operation running = operation.running(clock.now());
        write(running);
        remember(running);
        return running;
    }

    public synchronized Optional<Operation> find(String id) {
        Operation remembered = known.get(id);
        if (remembered != null) {
            return Optional.of(remembered);
        }
        return durable == null ? Optional.empty() : durable.find(id);
    }

    /** Newest first. */
    public synchronized List<Operation> recent(int most) {
        return known.values().stream().toList().reversed().stream().limit(most).toList();
    }

    /** Operations that wait or run; not those that a halted migration left half-way. */
    public synchronized List<Operation> open() {
        return known.values().stream()
                .filter(one -> !one.status().isFinal() && one.status() != Operation.Status.UNKNOWN)
                .toList();
    }

    synchronized boolean waits(Operation.Type type) {
        return waitsFor(Set.of(type));
    }

    /** Whether an operation of one of these types waits. */
    synchronized boolean waitsFor(Set<Operation.Type> types) {
        return firstWaiting(types).isPresent();
    }

    private Optional<Operation> firstWaiting(Set<Operation.Type> types) {
        return waiting.stream()
                .flatMap(id -> Stream.ofNullable(known.get(id)))
                .filter(one -> types.contains(one.type()))
                .findFirst();
    }

    /** Takes up what has waited longest. It is written down as running first, or goes on waiting. */
    synchronized Optional<Operation> begin() {
        return begin(_ -> true);
    }

    /** Takes up what has waited longest of a type. */
    synchronized Optional<Operation> begin(Operation.Type type) {
        return begin(operation -> operation.type() == type);
    }

    private Optional<Operation> begin(Predicate<Operation> wanted) {
        for (String id : List.copyOf(waiting)) {
            Operation operation = known.get(id);
            if (operation != null && wanted.test(operation)) {
                Operation running = operation.running(clock.now());
                write(running);
                remember(running);
                waiting.remove(id);
                return Optional.of(running);
            }
        }
        return Optional.empty();
    }

    synchronized void succeeded(Operation operation, Map<String, String> result) {
        finish(operation, Operation.Status.SUCCEEDED, result);
    }

    synchronized void failed(Operation operation, Fault why) {
        finish(operation, Operation.Status.FAILED, told(why, Map.of()));
    }

    /** Was broken off for the first of these that waits; whoever wants it asks again. */
    synchronized void gaveWay(Operation operation, Set<Operation.Type> to) {
        String whom = firstWaiting(to)
                .map(one -> one.type().text() + ", asked for by " + one.by())
                .orElse("something else");
        finish(operation, Operation.Status.CANCELLED, Map.of("detail", "it gave way to " + whom));
    }

    synchronized void undone(Operation operation, Fault why, Map<String, String> measured) {
        finish(operation, Operation.Status.UNDONE, told(why, measured));
    }

    /** Succeeds when the migration reaches its end. */
    synchronized void whenFinal(Operation operation) {
        untilFinal.add(operation.id());
    }

    /** The migration halted: how that ends which was running is known when somebody has it go on. */
    synchronized void halted() {
        for (Operation operation : List.copyOf(known.values())) {
            if (operation.status() == Operation.Status.RUNNING) {
                keep(operation.beingFoundOut());
            }
        }
    }

    synchronized void ended() {
        for (String id : untilFinal) {
            Operation operation = known.get(id);
            if (operation != null && !operation.status().isFinal()) {
                finish(operation, Operation.Status.SUCCEEDED, Map.of());
            }
        }
        untilFinal.clear();
    }

    /**
     * What was told once stays: after a crash the same end is met again by a daemon that did not see how it came about.
     */
    private void finish(Operation operation, Operation.Status status, Map<String, String> result) {
        Operation current = known.getOrDefault(operation.id(), operation);
        keep(current.status().isFinal() ? current : current.finished(status, result, clock.now()));
    }

    private void keep(Operation operation) {
        remember(operation);
        write(operation);
    }

    private void remember(Operation operation) {
        known.put(operation.id(), operation);
        if (known.size() > REMEMBERED) {
            // What has not ended is still to be told how it does.
            known.values().stream()
                    .filter(one -> one.status().isFinal())
                    .findFirst()
                    .ifPresent(oldest -> known.remove(oldest.id()));
        }
    }

    private void write(Operation operation) {
        if (durable != null) {
            durable.save(operation);
        }
    }

    private static Map<String, String> told(Fault why, Map<String, String> measured) {
        Map<String, String> result = new LinkedHashMap<>(measured);
        result.put("code", why.code().name());
        result.put("detail", why.detail());
        if (!why.object().isEmpty()) {
            result.put("object", why.object());
        }
        if (!why.sqlState().isEmpty()) {
            result.put("sqlstate", why.sqlState());
        }
        result.put("fix", why.code().remedy());
        return result;
    }
}
