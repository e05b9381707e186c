package io.viridian.daemon.config;

import java.nio.file.Path;
import java.util.List;

/** Keys of the section schema. */
final class SchemaKeys {

    private static final Presence.Defaulted<SchemaSource> DEFAULT_FROM = new Presence.Defaulted<>(
            SchemaSource.NONE, "Creating tables on green is a decision; without one, green is taken as it is.");

    static final ConfigurationKey<SchemaSource> FROM = ConfigurationKey.defaulted(
            "schema.from",
            KeyTypes.choice(SchemaSource.class),
            DEFAULT_FROM,
            "Who creates green's tables: a Liquibase changelog, a dump of blue, or nobody.",
            "changelog");
    static final ConfigurationKey<Path> CHANGELOG = ConfigurationKey.optional(
            "schema.changelog",
            KeyTypes.path(),
            "none; needed when schema.from is changelog",
            "The Liquibase changelog that creates green's tables.",
            "db/green.yaml");

    static final List<ConfigurationKey<?>> ALL = List.of(FROM, CHANGELOG);

    private SchemaKeys() {}
}
