package io.viridian.migration;

import io.viridian.fault.Fault;
import io.viridian.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where operations wait and are accounted for. Kept durably in {@link Operations} as long as those exist, and in memory
 * besides, so that the end of a migration, which removes them, can still be told. Any thread.
 */
public final class OperationDesk {
    /** Enough for a page of history; the durable list is longer. */
    private static final int REMEMBERED = 200;

    private final Clock clock;
    private final Map<String, Operation> known = new LinkedHashMap<>();
    private final List<String> waiting = new ArrayList<>();
    private final List<String> untilFinal = new ArrayList<>();
    private @Nullable Operations durable;

    public OperationDesk(Clock clock) {
        this.clock = clock;
    }

    /** From here on operations are kept durably; those a dead daemon left behind come first. */
    public synchronized void attach(Operations operations) {
        durable = operations;
        known.values().forEach(operations::save);
        for (Operation left : operations.unfinished()) {
            if (!known.containsKey(left.id())) {
                known.put(left.id(), left);
                takeOver(left);
            }
        }
    }

    /** An operation of a daemon that died: the states tell how switches and endings went, the rest is over. */
    private void takeOver(Operation left) {
        if (left.status() == Operation.Status.PENDING) {
            waiting.add(left.id());
            return;
        }
        switch (left.type()) {
            case ABORT, FINALIZE -> untilFinal.add(left.id());
            case CUTOVER, ROLLBACK -> {}
            case VERIFY, REHEARSE, PAUSE, RESUME ->
                finish(left, Operation.Status.CANCELLED, Map.of("detail", "the daemon ended while this was running"));
        }
    }

    /** The durable list is about to go. */
    public synchronized void detach() {
        durable = null;
    }

    public synchronized void submit(Operation operation) {
        keep(operation);
        waiting.add(operation.id());
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

    /** Operations that wait or run. */
    public synchronized List<Operation> open() {
        return known.values().stream().filter(one -> !one.status().isFinal()).toList();
    }

    synchronized boolean waits(Operation.Type type) {
        return waiting.stream().map(known::get).anyMatch(one -> one != null && one.type() == type);
    }

    synchronized Optional<Operation> next() {
        return waiting.isEmpty() ? Optional.empty() : Optional.ofNullable(known.get(waiting.removeFirst()));
    }

    synchronized Optional<Operation> take(Operation.Type type) {
        for (String id : waiting) {
            Operation operation = known.get(id);
            if (operation != null && operation.type() == type) {
                waiting.remove(id);
                return Optional.of(operation);
            }
        }
        return Optional.empty();
    }

    synchronized void started(Operation operation) {
        keep(operation.running(clock.now()));
    }

    synchronized void succeeded(Operation operation, Map<String, String> result) {
        finish(operation, Operation.Status.SUCCEEDED, result);
    }

    synchronized void failed(Operation operation, Fault why) {
        finish(operation, Operation.Status.FAILED, told(why, Map.of()));
    }

    synchronized void undone(Operation operation, Fault why, Map<String, String> measured) {
        finish(operation, Operation.Status.UNDONE, told(why, measured));
    }

    /** Succeeds when the migration reaches its end. */
    synchronized void whenFinal(Operation operation) {
        untilFinal.add(operation.id());
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

    private void finish(Operation operation, Operation.Status status, Map<String, String> result) {
        Operation current = known.getOrDefault(operation.id(), operation);
        keep(current.finished(status, result, clock.now()));
    }

    private void keep(Operation operation) {
        known.put(operation.id(), operation);
        if (known.size() > REMEMBERED) {
            String oldest = known.keySet().iterator().next();
            known.remove(oldest);
        }
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
