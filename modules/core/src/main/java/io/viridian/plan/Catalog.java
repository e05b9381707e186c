package io.viridian.plan;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The user tables and sequences of one database at one moment. Found by name without a walk through all of them: who
 * asks for every table of ten thousand would else take as many walks.
 */
public final class Catalog {
    private final List<TableShape> tables;
    private final List<SequenceName> sequences;
    private final Map<TableName, TableShape> byName = new HashMap<>();
    private final Set<SequenceName> sequenceNames;

    public Catalog(List<TableShape> tables, List<SequenceName> sequences) {
        this.tables = List.copyOf(tables);
        this.sequences = List.copyOf(sequences);
        this.tables.forEach(table -> byName.putIfAbsent(table.name(), table));
        this.sequenceNames = new HashSet<>(this.sequences);
    }

    /** In the order in which they were read. */
    public List<TableShape> tables() {
        return tables;
    }

    public List<SequenceName> sequences() {
        return sequences;
    }

    public Optional<TableShape> table(TableName name) {
        return Optional.ofNullable(byName.get(name));
    }

    public boolean hasSequence(SequenceName name) {
        return sequenceNames.contains(name);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Catalog catalog && tables.equals(catalog.tables) && sequences.equals(catalog.sequences);
    }

    @Override
    public int hashCode() {
        return Objects.hash(tables, sequences);
    }
}
