package io.viridian.schema.green;

import java.nio.file.Path;

/** Who creates green's tables. */
public sealed interface SchemaOrigin {
    /** A dump of blue's schema: green is to look like blue. */
    record Blue() implements SchemaOrigin {}

    /**
     * The user's own Liquibase changelog.
     *
     * @param directory against which the changelog's name and its includes are resolved
     * @param file as Liquibase writes it into its history, so the user's own later updates recognise it
     */
    record Changelog(Path directory, String file) implements SchemaOrigin {}

    /** Nobody: green is ready as it is. */
    record None() implements SchemaOrigin {}

    /** As the configuration and green's control schema name it. */
    default String text() {
        return switch (this) {
            case Blue _ -> "blue";
            case Changelog changelog -> "changelog " + changelog.file();
            case None _ -> "none";
        };
    }
}
