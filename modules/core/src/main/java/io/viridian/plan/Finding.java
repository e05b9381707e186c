package io.viridian.plan;

/**
 * Something a check found.
 *
 * @param id stable name of the check, like {@code blue.wal-level}
 * @param object what it is about: a table, column, setting or role
 * @param message one sentence with the value found
 * @param fix the SQL or setting that mends it; empty when nothing can
 */
public record Finding(String id, Severity severity, String object, String message, String fix) {
    /** How bad it is. Only a refusal stops the migration. */
    public enum Severity {
        REFUSED,
        WARNING,
        NOTE
    }

    public static Finding refused(String id, String object, String message, String fix) {
        return new Finding(id, Severity.REFUSED, object, message, fix);
    }

    public static Finding warning(String id, String object, String message, String fix) {
        return new Finding(id, Severity.WARNING, object, message, fix);
    }

    public static Finding note(String id, String object, String message) {
        return new Finding(id, Severity.NOTE, object, message, "");
    }

    public boolean refuses() {
        return severity == Severity.REFUSED;
    }
}
