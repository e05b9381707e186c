package io.viridian.plan;

/** A sequence's schema and name. */
public record SequenceName(String schema, String name) {
    public static SequenceName parse(String text) {
        TableName parts = TableName.parse(text);
        return new SequenceName(parts.schema(), parts.name());
    }

    public String sql() {
        return Sql.identifier(schema) + '.' + Sql.identifier(name);
    }

    @Override
    public String toString() {
        return schema + '.' + name;
    }
}
