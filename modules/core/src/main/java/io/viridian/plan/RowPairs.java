package io.viridian.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tables of a plan that hold the same rows on both sides, and what keeps the others from it. Only of the former can
 * be said which row of one side another of the other side contradicts, and only there can one take the other's place.
 */
public final class RowPairs {
    /** Equal values of these are equal texts, on both sides; two texts of a numeric can be one key. */
    private static final Set<String> NAMING = Set.of("int2", "int4", "int8", "uuid", "text", "varchar");

    private static final Set<String> WHOLE_NUMBERS = Set.of("int2", "int4", "int8");

    private final List<RowPair> pairs = new ArrayList<>();
    private final Map<String, String> obstacles = new HashMap<>();

    private RowPairs() {}

    /** What this plan has of them. */
    public static RowPairs of(Plan plan) {
        RowPairs found = new RowPairs();
        found.look(plan);
        return found;
    }

    public List<RowPair> pairs() {
        return List.copyOf(pairs);
    }

    /** Why a table cannot be written on both sides, by the table's name. */
    public Map<String, String> obstacles() {
        return Map.copyOf(obstacles);
    }

    private void look(Plan plan) {
        plan.derived()
                .forEach(
                        one -> obstacles.put(one.target().toString(), "a query fills it, so it has no row of its own"));
        Map<TableName, Integer> sources = new HashMap<>();
        Map<TableName, Integer> targets = new HashMap<>();
        plan.forward().forEach(route -> {
            sources.merge(route.source(), 1, Integer::sum);
            targets.merge(route.target(), 1, Integer::sum);
        });
        for (Route there : plan.forward()) {
            if (there.target().schema().equals(Derivation.SCHEMA)) {
                continue;
            }
            boolean alone =
                    sources.getOrDefault(there.source(), 0) == 1 && targets.getOrDefault(there.target(), 0) == 1;
            Optional<Route> back = plan.reverse().stream()
                    .filter(one ->
                            one.source().equals(there.target()) && one.target().equals(there.source()))
                    .findFirst();
            Optional<String> obstacle = alone
                    ? back.map(one -> obstacle(there, one)).orElse(Optional.of("nothing leads its rows back to blue"))
                    : Optional.of("several rules read it or fill " + there.target());
            if (obstacle.isPresent()) {
                obstacles.put(there.source().toString(), obstacle.get());
            } else {
                Route one = back.orElseThrow();
                pairs.add(new RowPair(there, one, there.sourceKey(), greenKey(there)));
            }
        }
    }

    private static Optional<String> obstacle(Route there, Route back) {
        if (there.filter().isPresent()
                || there.owned().isPresent()
                || there.expansion().isPresent()
                || there.besides()
                || back.besides()
                || back.filter().isPresent()) {
            return Optional.of("its rule takes some rows only, or makes several of one");
        }
        if (!there.keyed() || !back.keyed()) {
            return Optional.of("its rows have no key");
        }
        Optional<String> changed = there.columns().stream()
                .filter(column -> !same(there, back, column))
                .map(TargetColumn::name)
                .findFirst();
        if (changed.isPresent()) {
            return Optional.of("column " + changed.get() + " of " + there.target()
                    + " is not a column of blue as it is: neither side can tell what the other means");
        }
        Set<String> led = new HashSet<>(back.targetColumnNames());
        Optional<String> lost = there.from().columnNames().stream()
                .filter(name -> back.targetStored().contains(name) && !led.contains(name))
                .findFirst();
        if (lost.isPresent()) {
            return Optional.of(
                    "column " + lost.get() + " of blue is not on green, so green's row cannot take its place");
        }
        return keyObstacle(there, back);
    }

    private static Optional<String> keyObstacle(Route there, Route back) {
        List<String> green = greenKey(there);
        boolean pinned = green.stream().noneMatch(String::isEmpty)
                && Set.copyOf(there.targetKey()).equals(Set.copyOf(green))
                && Set.copyOf(back.sourceKey()).equals(Set.copyOf(green))
                && Set.copyOf(back.targetKey()).equals(Set.copyOf(there.sourceKey()));
        if (!pinned) {
            return Optional.of("its key is not the same columns on both sides");
        }
        return there.sourceKey().stream()
                .map(name -> there.sourceColumns().get(there.sourceIndex(name)))
                .filter(column -> !column.type().isBuiltIn()
                        || !NAMING.contains(column.type().name()))
                .map(column -> "its key column " + column.name() + " is of type " + column.type()
                        + ", of which two texts can be one key")
                .findFirst();
    }

    /** The columns of green that copy blue's key, in its order; an empty name for what has none. */
    private static List<String> greenKey(Route there) {
        return there.sourceKey().stream()
                .map(name -> there.columns().stream()
                        .filter(column ->
                                copied(there, column).filter(name::equals).isPresent())
                        .map(TargetColumn::name)
                        .findFirst()
                        .orElse(""))
                .toList();
    }

    /** Whether the column holds what a column of blue holds, and leads just that back. */
    private static boolean same(Route there, Route back, TargetColumn column) {
        Optional<String> blue = copied(there, column);
        return blue.flatMap(name -> back.columns().stream()
                        .filter(one -> one.name().equals(name))
                        .filter(one -> !one.type().equals(column.type())
                                || one.storedAs().equals(column.storedAs()))
                        .findFirst())
                .flatMap(one -> copied(back, one))
                .filter(column.name()::equals)
                .isPresent();
    }

    /** The column that is copied as it is, or into a whole number of another width. */
    static Optional<String> copied(Route route, TargetColumn column) {
        return ExpressionScan.plainReference(
                        column.expression(),
                        route.alias(),
                        Set.copyOf(route.from().columnNames()))
                .filter(reference -> {
                    TypeName read = route.sourceColumns()
                            .get(route.sourceIndex(reference.column()))
                            .type();
                    return numbers(read, column.type()) || (read.equals(column.type()) && !reference.cast());
                })
                .map(ExpressionScan.PlainReference::column);
    }

    private static boolean numbers(TypeName one, TypeName other) {
        return one.isBuiltIn()
                && other.isBuiltIn()
                && WHOLE_NUMBERS.contains(one.name())
                && WHOLE_NUMBERS.contains(other.name());
    }
}
