package io.viridian.model;

import java.util.List;
import java.util.function.Predicate;

/**
 * Everything the explorer needs to know.
 *
 * @param name heads reports and errors
 * @param initialStates where histories begin
 * @param actions what may happen, in the order in which a trace prefers them
 * @param invariants what must hold in every state
 * @param accepted true for a state in which it is right that nothing happens any more
 */
public record Model<S>(
        String name,
        List<S> initialStates,
        List<Action<S>> actions,
        List<Invariant<S>> invariants,
        Predicate<S> accepted) {
    public Model {
        initialStates = List.copyOf(initialStates);
        actions = List.copyOf(actions);
        invariants = List.copyOf(invariants);
    }

    /**
     * The same steps, with only these invariants demanded; where they lead is judged as before. Without any, damage
     * that a later step repairs is told apart from damage that stays.
     */
    public Model<S> judgedBy(String... names) {
        List<String> wanted = List.of(names);
        List<Invariant<S>> chosen = invariants.stream()
                .filter(invariant -> wanted.contains(invariant.name()))
                .toList();
        if (chosen.size() != wanted.size()) {
            throw new IllegalArgumentException("model '" + name + "' does not have all of " + wanted);
        }
        return new Model<>(name, initialStates, actions, chosen, accepted);
    }
}
