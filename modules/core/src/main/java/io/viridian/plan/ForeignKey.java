package io.viridian.plan;

import java.util.List;
import java.util.Optional;

/**
 * A foreign key of one side, as its catalog has it.
 *
 * @param columns the columns of the table that has it
 * @param parentColumns what they refer to, in the same order
 * @param unfit why it cannot be looked after by comparing texts of whole columns, if so
 */
public record ForeignKey(
        String name,
        TableName table,
        List<String> columns,
        TableName parent,
        List<String> parentColumns,
        Optional<String> unfit) {
    public ForeignKey {
        columns = List.copyOf(columns);
        parentColumns = List.copyOf(parentColumns);
    }

    @Override
    public String toString() {
        return "foreign key " + name + " of " + table;
    }
}
