package io.viridian.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code mapping.yaml} as the author wrote it, before anything was checked against a catalog.
 *
 * @param targets green tables with the rules that fill them
 * @param sequences green sequence to the blue ones that it continues, at least one; same names need no entry
 * @param asIs patterns of blue tables that are copied as they are
 * @param ignore patterns of blue tables that stay behind
 */
public record MappingSpec(
        List<Target> targets,
        Map<SequenceName, List<SequenceName>> sequences,
        List<TablePattern> asIs,
        List<TablePattern> ignore) {
    public MappingSpec {
        targets = List.copyOf(targets);
        sequences = Map.copyOf(sequences);
        asIs = List.copyOf(asIs);
        ignore = List.copyOf(ignore);
    }

    /** No mapping file: every table as it is. */
    public static MappingSpec everythingAsItIs() {
        return new MappingSpec(List.of(), Map.of(), List.of(TablePattern.EVERY_TABLE), List.of());
    }

    /**
     * One green table and what fills it.
     *
     * @param rules empty for a derived target
     */
    public record Target(TableName table, List<Rule> rules, Optional<Derive> derive) {
        public Target {
            rules = List.copyOf(rules);
        }

        /** One that rules fill. */
        public Target(TableName table, List<Rule> rules) {
            this(table, rules, Optional.empty());
        }
    }

    /**
     * A query that fills a target.
     *
     * @param key the target's columns that name a row
     * @param query over blue's tables
     * @param affected by blue table, queries over the relation {@code changed} that give the key of every row which
     *     changed rows of it have part in; only where the author declared one
     * @param inverse what leads rows of the target back
     */
    public record Derive(List<String> key, String query, Map<TableName, String> affected, List<Back> inverse) {
        public Derive {
            key = List.copyOf(key);
            affected = Map.copyOf(affected);
            inverse = List.copyOf(inverse);
        }

        /** One that nothing leads back. */
        public Derive(List<String> key, String query, Map<TableName, String> affected) {
            this(key, query, affected, List.of());
        }
    }

    /**
     * How rows of a derived target become rows of a blue table.
     *
     * @param where over the green row {@code t}, which of them do; absent means all
     * @param columns blue column to SQL expression over {@code t}
     */
    public record Back(TableName into, Optional<String> where, List<Assignment> columns) {
        public Back {
            columns = List.copyOf(columns);
        }
    }

    /**
     * One source of rows for a target.
     *
     * @param alias the name the expressions use for the blue row
     * @param where which rows travel; absent means all
     * @param expand a FROM item that makes many rows of one; absent means one
     * @param columns green column to SQL expression, in the author's order
     * @param inverse blue column to SQL expression over the green row {@code t}; only what the author declared
     * @param owns over the green row {@code t}, which rows of the target are this rule's where others fill it too;
     *     absent where constants tell
     */
    public record Rule(
            TableName from,
            String alias,
            Optional<String> where,
            Optional<String> expand,
            List<Assignment> columns,
            List<Assignment> inverse,
            Optional<String> owns) {
        public Rule {
            columns = List.copyOf(columns);
            inverse = List.copyOf(inverse);
        }

        /** One that fills its target alone, or beside others from which constants tell it. */
        public Rule(
                TableName from,
                String alias,
                Optional<String> where,
                Optional<String> expand,
                List<Assignment> columns,
                List<Assignment> inverse) {
            this(from, alias, where, expand, columns, inverse, Optional.empty());
        }

        /** One row for one row. */
        public Rule(
                TableName from,
                String alias,
                Optional<String> where,
                List<Assignment> columns,
                List<Assignment> inverse) {
            this(from, alias, where, Optional.empty(), columns, inverse);
        }
    }

    /** A column and the expression that feeds it. */
    public record Assignment(String column, String expression) {}
}
