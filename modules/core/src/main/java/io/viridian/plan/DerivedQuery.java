package io.viridian.plan;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A query of the mapping as blue's server understands it: parsed there, because nobody else can.
 *
 * @param columns the names of what it gives, in order
 * @param canonical the query as the server prints it, every table with its schema
 * @param tables everything that it reads
 * @param affected by table, the author's queries over the relation {@code changed}, printed likewise
 */
public record DerivedQuery(
        List<String> columns, String canonical, Set<TableName> tables, Map<TableName, String> affected) {
    public DerivedQuery {
        columns = List.copyOf(columns);
        tables = Set.copyOf(tables);
        affected = Map.copyOf(affected);
    }
}
