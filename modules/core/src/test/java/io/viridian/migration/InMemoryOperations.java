package io.viridian.migration;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operations without a database; outlives a daemon when the next one is given the same. */
final class InMemoryOperations implements Operations {
    private final Map<String, Operation> kept = new LinkedHashMap<>();
    private final Deque<RuntimeException> refusals = new ArrayDeque<>();

    /** The next operation is not kept, and this is thrown. */
    void refuseNext(RuntimeException why) {
        refusals.add(why);
    }

    @Override
    public void save(Operation operation) {
        RuntimeException refusal = refusals.poll();
        if (refusal != null) {
            throw refusal;
        }
        kept.put(operation.id(), operation);
    }

    @Override
    public Optional<Operation> find(String id) {
        return Optional.ofNullable(kept.get(id));
    }

    @Override
    public List<Operation> unfinished() {
        return kept.values().stream().filter(one -> !one.status().isFinal()).toList();
    }

    @Override
    public List<Operation> recent(int most) {
        return new ArrayList<>(kept.values()).reversed().stream().limit(most).toList();
    }
}
