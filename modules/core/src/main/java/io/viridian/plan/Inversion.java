package io.viridian.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A rule with its way back, seen from a row that green's application wrote: what is led back to blue and comes to green
 * again by the rule may be another row.
 *
 * @param uncertain the target's columns beside the key that may come again with another value; the rest is copied there
 *     and back as it is
 * @param irreversible those of them that nothing leads back
 */
public record Inversion(Route there, Route back, List<TargetColumn> uncertain, Set<String> irreversible) {
    public Inversion {
        uncertain = List.copyOf(uncertain);
        irreversible = Set.copyOf(irreversible);
    }

    static Inversion of(Route there, Route back) {
        List<TargetColumn> uncertain = new ArrayList<>();
        for (TargetColumn column : there.valueColumns()) {
            if (!comesBack(there, back, column)) {
                uncertain.add(column);
            }
        }
        Set<String> led = back.columns().stream()
                .flatMap(column -> column.reads().stream())
                .collect(Collectors.toSet());
        back.filter().ifPresent(mine -> led.addAll(ExpressionScan.reads(mine, back.alias(), names(back))));
        return new Inversion(
                there,
                back,
                uncertain,
                uncertain.stream()
                        .map(TargetColumn::name)
                        .filter(name -> !led.contains(name))
                        .collect(Collectors.toSet()));
    }

    /** Whether a column of blue holds its value as it is, and the rule copies it from there. */
    private static boolean comesBack(Route there, Route back, TargetColumn column) {
        Optional<TargetColumn> held = copied(there, column)
                .flatMap(blue -> back.columns().stream()
                        .filter(one -> one.name().equals(blue))
                        .findFirst());
        return held.flatMap(one -> copied(back, one))
                .filter(column.name()::equals)
                .isPresent();
    }

    /** The source column that a column copies as it is. */
    private static Optional<String> copied(Route route, TargetColumn column) {
        return ExpressionScan.plainReference(column.expression(), route.alias(), names(route))
                .filter(reference -> !reference.cast())
                .map(ExpressionScan.PlainReference::column)
                .filter(name -> route.sourceColumns()
                        .get(route.sourceIndex(name))
                        .type()
                        .equals(column.type()));
    }

    private static Set<String> names(Route route) {
        return Set.copyOf(route.from().columnNames());
    }

    /** Whether a row of green can come again as another one. */
    public boolean canLose() {
        return !uncertain.isEmpty() || there.filter().isPresent() || back.besides();
    }
}
