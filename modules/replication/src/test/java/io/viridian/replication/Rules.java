package io.viridian.replication;

import io.viridian.plan.MappingSpec;
import io.viridian.plan.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A mapping of one table, written as briefly as the file would be. */
final class Rules {
    private final TableName from;
    private final TableName into;
    private Optional<String> where = Optional.empty();
    private final List<MappingSpec.Assignment> columns = new ArrayList<>();
    private final List<MappingSpec.Assignment> inverse = new ArrayList<>();

    private Rules(TableName from, TableName into) {
        this.from = from;
        this.into = into;
    }

    static Rules from(String source, String target) {
        return new Rules(TableName.parse(source), TableName.parse(target));
    }

    Rules where(String filter) {
        where = Optional.of(filter);
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

    MappingSpec spec() {
        return new MappingSpec(
                List.of(new MappingSpec.Target(
                        into, List.of(new MappingSpec.Rule(from, "s", where, columns, inverse)))),
                Map.of(),
                List.of(),
                List.of());
    }
}
