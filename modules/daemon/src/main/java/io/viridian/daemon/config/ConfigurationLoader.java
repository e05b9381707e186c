package io.viridian.daemon.config;

import io.viridian.fault.Invariant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns files, environment and flags into {@link Settings}, or refuses with everything that is wrong. */
public final class ConfigurationLoader {
    private ConfigurationLoader() {}

    /**
     * Reads and checks everything.
     *
     * @throws ConfigurationException with all problems, if there is one
     */
    public static Configuration load(ConfigurationSources sources) {
        Reading reading = read(sources);
        if (!reading.problems().isEmpty()) {
            throw reading.problems().asException();
        }
        return new Configuration(
                reading.settings().orElseThrow(() -> Invariant.broken("settings refused without a reason")),
                reading.values());
    }

    /** All problems; empty when {@link #load} would succeed. */
    public static ConfigurationProblems check(ConfigurationSources sources) {
        return read(sources).problems();
    }

    /** What came of reading: the settings are there if nothing is wrong but what is not built yet. */
    record Reading(Optional<Settings> settings, List<ShownValue> values, ConfigurationProblems problems) {}

    static Reading read(ConfigurationSources sources) {
        Problems problems = new Problems();
        GivenValues given = GivenValues.gather(sources, problems);
        Values values = new Values(sources, given, problems);
        Optional<Settings> settings =
                given.readable() ? new SettingsReader(sources, given, values).read() : Optional.empty();
        Map<ConfigurationKey<?>, Object> computed = settings.<Map<ConfigurationKey<?>, Object>>map(found -> Map.of(
                        MigrationKeys.STATE_DIR, found.stateDir(),
                        ApplyKeys.SPOOL_DIR, found.apply().spoolDir()))
                .orElse(Map.of());
        return new Reading(settings, shown(given, computed), problems.all());
    }

    private static List<ShownValue> shown(GivenValues given, Map<ConfigurationKey<?>, Object> computed) {
        List<ShownValue> shown = new ArrayList<>();
        for (ConfigurationKey<?> key : ConfigurationKeys.list()) {
            if (!key.insideList()) {
                shown.add(given.find(key.path())
                        .map(ConfigurationLoader::shown)
                        .orElseGet(() -> byDefault(key, computed)));
            }
        }
        given.all().stream()
                .filter(value -> value.key().insideList())
                .map(ConfigurationLoader::shown)
                .forEach(shown::add);
        return shown;
    }

    private static ShownValue byDefault(ConfigurationKey<?> key, Map<ConfigurationKey<?>, Object> computed) {
        Optional<String> value =
                Optional.ofNullable(computed.get(key)).map(Object::toString).or(key::defaultText);
        return new ShownValue(key.path(), value, new Origin.Default());
    }

    private static ShownValue shown(GivenValue value) {
        return new ShownValue(value.path(), Optional.of(Values.shown(value)), value.origin());
    }
}
