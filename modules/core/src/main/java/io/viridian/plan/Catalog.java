package io.viridian.plan;

import java.util.List;
import java.util.Optional;

/** The user tables and sequences of one database at one moment. */
public record Catalog(List<TableShape> tables, List<SequenceName> sequences) {
    public Catalog {
        tables = List.copyOf(tables);
        sequences = List.copyOf(sequences);
    }

    public Optional<TableShape> table(TableName name) {
        return tables.stream().filter(table -> table.name().equals(name)).findFirst();
    }

    public boolean hasSequence(SequenceName name) {
        return sequences.contains(name);
    }
}
