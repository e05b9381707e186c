package io.viridian.plan;

import java.util.List;
import java.util.Optional;

/**
 * What a table of one side holds once only, beside its primary key.
 *
 * @param columns the columns whose values together are held once
 * @param unfit why it cannot be looked after by comparing texts of whole columns, if so
 */
public record UniqueKey(String name, TableName table, List<String> columns, Optional<String> unfit) {
    public UniqueKey {
        columns = List.copyOf(columns);
    }

    @Override
    public String toString() {
        return "index " + name + " of " + table;
    }
}
