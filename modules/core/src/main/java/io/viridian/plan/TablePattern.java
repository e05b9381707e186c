package io.viridian.plan;

/** {@code schema.table} where either part may be {@code *}. */
public record TablePattern(String schema, String name) {
    public static final TablePattern EVERY_TABLE = new TablePattern("*", "*");

    /**
     * Reads one pattern.
     *
     * @throws IllegalArgumentException when the text is neither {@code schema.table}, {@code schema.*} nor {@code *}
     */
    public static TablePattern parse(String text) {
        String trimmed = text.trim();
        if (trimmed.equals("*") || trimmed.equals("*.*")) {
            return EVERY_TABLE;
        }
        if (trimmed.endsWith(".*")) {
            String[] schema = IdentifierText.split(trimmed.substring(0, trimmed.length() - 2));
            if (schema.length != 1) {
                throw new IllegalArgumentException("not a table pattern: '" + text + "' (expected schema.*)");
            }
            return new TablePattern(schema[0], "*");
        }
        TableName table = TableName.parse(trimmed);
        return new TablePattern(table.schema(), table.name());
    }

    public boolean matches(TableName table) {
        return (schema.equals("*") || schema.equals(table.schema())) && (name.equals("*") || name.equals(table.name()));
    }

    @Override
    public String toString() {
        return schema + '.' + name;
    }
}
