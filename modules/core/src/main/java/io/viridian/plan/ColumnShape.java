package io.viridian.plan;

import java.util.Set;

/**
 * One column as the catalog has it.
 *
 * @param declared the type with its modifier, as {@code format_type} prints it
 * @param generated a GENERATED ALWAYS AS (expression) column: computed, never written
 * @param fedByServer has a default or is an identity column: needs no value from us
 * @param insertOnly a GENERATED ALWAYS AS IDENTITY column: an insert may give it a value, an update may not (manual
 *     14-18, CREATE TABLE)
 * @param mayBeToasted values can be stored out of line, so an update that leaves them alone does not carry them
 */
public record ColumnShape(
        String name,
        TypeName type,
        String declared,
        boolean notNull,
        boolean generated,
        boolean fedByServer,
        boolean insertOnly,
        boolean mayBeToasted) {
    /** A modifier of these rounds what is assigned, silently; that of others refuses what is too long. */
    private static final Set<String> ROUNDING =
            Set.of("numeric", "timestamp", "timestamptz", "time", "timetz", "interval");

    /** What a value has to be cast to, to become what this column makes of it when it is assigned. */
    String storedAs() {
        return type.isBuiltIn() && ROUNDING.contains(type.name()) && declared.contains("(") ? declared : type.sql();
    }
}
