package io.viridian.migration;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The states and transitions as the code has them: the records of {@link MigrationState} and their methods. */
final class StateGraph {
    private final Map<StateName, Class<?>> states = new LinkedHashMap<>();

    record Edge(StateName from, String by, StateName to) {}

    StateGraph() {
        List<Class<?>> records = records(MigrationState.class).toList();
        for (StateName name : StateName.values()) {
            records.stream().filter(type -> name(type) == name).forEach(type -> states.put(name, type));
        }
    }

    /** Every state that has a record, in the contract's order. */
    List<StateName> names() {
        return List.copyOf(states.keySet());
    }

    String recordOf(StateName name) {
        return states.getOrDefault(name, MigrationState.class).getSimpleName();
    }

    boolean isFinal(StateName name) {
        return MigrationState.Final.class.isAssignableFrom(states.getOrDefault(name, MigrationState.class));
    }

    /** From every state, by the name of the method; without those of {@link #waysBack}. */
    List<Edge> edges() {
        List<Edge> edges = new ArrayList<>();
        states.forEach((name, type) -> transitions(type)
                .filter(method -> method.getReturnType() != MigrationState.class)
                .forEach(method -> edges.add(new Edge(name, method.getName(), name(method.getReturnType())))));
        return edges;
    }

    /** Those that lead back to wherever the migration came from. */
    List<String> waysBack(StateName from) {
        return transitions(states.getOrDefault(from, MigrationState.class))
                .filter(method -> method.getReturnType() == MigrationState.class)
                .map(Method::getName)
                .toList();
    }

    private static Stream<Method> transitions(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .filter(method -> MigrationState.class.isAssignableFrom(method.getReturnType()))
                .filter(method -> Arrays.stream(type.getRecordComponents())
                        .noneMatch(component -> component.getName().equals(method.getName())))
                .sorted(Comparator.comparing(Method::getName));
    }

    private static Stream<Class<?>> records(Class<?> type) {
        return type.isRecord()
                ? Stream.of(type)
                : Arrays.stream(type.getPermittedSubclasses()).flatMap(StateGraph::records);
    }

    private static StateName name(Class<?> type) {
        return StateName.valueOf(
                type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT));
    }
}
