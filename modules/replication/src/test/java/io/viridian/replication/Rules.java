package io.viridian.replication;

import io.viridian.plan.MappingSpec;
import io.viridian.plan.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A mapping written as briefly as the file would be: one rule, and more with {@link #and}. */
final class Rules {
    private final TableName from;
    private final TableName into;
    private Optional<String> where = Optional.empty();
    private Optional<String> expand = Optional.empty();
    private Optional<String> owns = Optional.empty();
    private final List<MappingSpec.Assignment> columns = new ArrayList<>();
    private final List<MappingSpec.Assignment> inverse = new ArrayList<>();
    private final Map<TableName, List<MappingSpec.Rule>> others;

    private Rules(TableName from, TableName into, Map<TableName, List<MappingSpec.Rule>> others) {
        this.from = from;
        this.into = into;
        this.others = others;
    }

    static Rules from(String source, String target) {
        return new Rules(TableName.parse(source), TableName.parse(target), new LinkedHashMap<>());
    }

    /** Another rule; what follows is about that one. */
    Rules and(String source, String target) {
        others.computeIfAbsent(into, _ -> new ArrayList<>()).add(rule());
        return new Rules(TableName.parse(source), TableName.parse(target), others);
    }

    Rules where(String filter) {
        where = Optional.of(filter);
        return this;
    }

    Rules expand(String item) {
        expand = Optional.of(item);
        return this;
    }

    Rules owns(String condition) {
        owns = Optional.of(condition);
        return this;
    }

    Rules column(String name, String expression) {
        columns.add(new MappingSpec.Assignment(name, expression));
        return this;
    }

    Rules inverse(String name, String expression) {
        inverse.add(new MappingSpec.Assignment(name, expression));
        return this;
    }

    private MappingSpec.Rule rule() {
        return new MappingSpec.Rule(from, "s", where, expand, columns, inverse, owns);
    }

    MappingSpec spec() {
        Map<TableName, List<MappingSpec.Rule>> all = new LinkedHashMap<>(others);
        List<MappingSpec.Rule> ofTarget = new ArrayList<>(all.getOrDefault(into, List.of()));
        ofTarget.add(rule());
        all.put(into, ofTarget);
        return new MappingSpec(
                all.entrySet().stream()
                        .map(target -> new MappingSpec.Target(target.getKey(), target.getValue()))
                        .toList(),
                Map.of(),
                List.of(),
                List.of());
    }
}
