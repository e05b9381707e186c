package io.viridian.plan;

/** A table's schema and name, exactly as the catalog has them (case kept, unquoted). Ordered by schema, then name. */
public record TableName(String schema, String name) implements Comparable<TableName> {
    /**
     * Reads {@code schema.table} or {@code table} (schema public); parts may be quoted as in SQL.
     *
     * @throws IllegalArgumentException when the text is neither
     */
    public static TableName parse(String text) {
        String[] parts = IdentifierText.split(text);
        return switch (parts.length) {
            case 1 -> new TableName("public", parts[0]);
            case 2 -> new TableName(parts[0], parts[1]);
            default -> throw new IllegalArgumentException("not a table name: '" + text + "' (expected schema.table)");
        };
    }

    /** Quoted for SQL. */
    public String sql() {
        return Sql.identifier(schema) + '.' + Sql.identifier(name);
    }

    @Override
    public int compareTo(TableName other) {
        int bySchema = schema.compareTo(other.schema);
        return bySchema != 0 ? bySchema : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return schema + '.' + name;
    }
}
