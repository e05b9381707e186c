package io.viridian.daemon.config;

import io.viridian.plan.TablePattern;
import java.util.List;

/** Keys of the section tables. */
final class TableKeys {

    private static final Presence.Defaulted<List<TablePattern>> DEFAULT_INCLUDE = new Presence.Defaulted<>(
            List.of(TablePattern.EVERY_TABLE), "A table forgotten on blue is a loss; one too many is only work.");
    private static final Presence.Defaulted<List<TablePattern>> DEFAULT_EXCLUDE =
            new Presence.Defaulted<>(List.of(), "Nothing stays behind unless somebody says so.");

    static final ConfigurationKey<List<TablePattern>> INCLUDE = ConfigurationKey.defaulted(
            "tables.include",
            KeyTypes.listOf(KeyTypes.tablePattern()),
            DEFAULT_INCLUDE,
            "Blue's tables that belong to the migration.",
            "[\"public.*\"]");
    static final ConfigurationKey<List<TablePattern>> EXCLUDE = ConfigurationKey.defaulted(
            "tables.exclude",
            KeyTypes.listOf(KeyTypes.tablePattern()),
            DEFAULT_EXCLUDE,
            "Tables taken out of tables.include again.",
            "[\"public.audit_raw\"]");

    static final List<ConfigurationKey<?>> ALL = List.of(INCLUDE, EXCLUDE);

    private TableKeys() {}
}
