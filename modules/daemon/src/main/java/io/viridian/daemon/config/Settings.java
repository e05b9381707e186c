package io.viridian.daemon.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Everything {@code viridian.yaml}, the environment and the flags say, checked. Immutable; stays at the edge: the core
 * gets a plan.
 *
 * @param journal empty: the journal lives on blue
 * @param mapping empty: every table as it is
 * @param stateDir what the daemon keeps on disk, one directory per migration inside
 * @param directory the configuration file's directory, where relative commands are run
 */
public record Settings(
        String migration,
        ConnectionSettings blue,
        ConnectionSettings green,
        Optional<ConnectionSettings> journal,
        TableSettings tables,
        SchemaSettings schema,
        Optional<Path> mapping,
        CaptureSettings capture,
        BackfillSettings backfill,
        ApplySettings apply,
        VerifySettings verify,
        ProtectBlueSettings protectBlue,
        ProtectGreenSettings protectGreen,
        CutoverSettings cutover,
        List<HookSettings> hooks,
        HealthSettings health,
        ReverseSettings reverse,
        LegacySettings legacy,
        HttpSettings http,
        List<NotifySettings> notifications,
        Path stateDir,
        Path directory) {
    public Settings {
        hooks = List.copyOf(hooks);
        notifications = List.copyOf(notifications);
        new SettingRules().limit(MigrationKeys.MIGRATION, migration).orThrow();
    }

    /** Where the journal lives. */
    public ConnectionSettings journalOrBlue() {
        return journal.orElse(blue);
    }

    /** Token file, reports and spool of this migration. */
    public Path migrationDir() {
        return stateDir.resolve(migration);
    }
}
