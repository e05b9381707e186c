package io.viridian.plan;

/**
 * A data type by its catalog name. The SQL form is the quoted catalog name without a modifier: {@code "bit"} and
 * {@code "bpchar"} quoted mean any length, while the unquoted words mean length 1 (manual 14-18, sections 8.3, 8.10),
 * so a cast to it never cuts a value.
 *
 * @param schema the schema of the type, {@code pg_catalog} for the built-in ones
 * @param name {@code pg_type.typname}, for an array type with its leading underscore
 */
public record TypeName(String schema, String name) {
    public boolean isBuiltIn() {
        return schema.equals("pg_catalog");
    }

    public String sql() {
        return Sql.identifier(schema) + '.' + Sql.identifier(name);
    }

    @Override
    public String toString() {
        return isBuiltIn() ? name : schema + '.' + name;
    }
}
