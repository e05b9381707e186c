package io.viridian.daemon.config;

import java.nio.file.Path;

/** Keys at the top of the file. */
final class MigrationKeys {

    static final ConfigurationKey<String> MIGRATION = ConfigurationKey.required(
            "migration",
            KeyTypes.matching("a lower-case name of at most 40 letters, digits and dashes", "[a-z][a-z0-9-]{0,39}"),
            "The migration's name. It appears in slots, publications, metrics and confirmations.",
            "shop-v2");
    static final ConfigurationKey<Path> MAPPING = ConfigurationKey.optional(
            "mapping",
            KeyTypes.path(),
            "every table is copied as it is",
            "The file with the rules that turn blue's rows into green's.",
            "mapping.yaml");
    static final ConfigurationKey<Path> STATE_DIR = ConfigurationKey.optional(
            "state-dir",
            KeyTypes.path(),
            "$XDG_STATE_HOME/viridian, or ~/.local/state/viridian",
            "What the daemon keeps on this machine, one directory per migration: its token, reports and spool.",
            "/var/lib/viridian");

    private MigrationKeys() {}
}
