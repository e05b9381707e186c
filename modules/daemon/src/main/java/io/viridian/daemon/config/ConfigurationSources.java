package io.viridian.daemon.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a configuration is read from. Later ones win: file, environment, flags.
 *
 * @param file empty: environment and flags say everything
 * @param flags key path to value, as in {@code backfill.workers} to {@code 4}
 * @param workingDirectory where relative paths of variables and flags start
 * @param home the user's home directory
 * @param readPasswords false for commands that talk to the daemon and not to a database: they may lack the right to
 *     open the files
 */
public record ConfigurationSources(
        Optional<Path> file,
        Map<String, String> environment,
        Map<String, String> flags,
        Path workingDirectory,
        Path home,
        boolean readPasswords) {
    public ConfigurationSources {
        environment = Map.copyOf(environment);
        flags = Map.copyOf(flags);
    }

    /** Those of this process. */
    public static ConfigurationSources ofProcess(Optional<Path> file, Map<String, String> flags) {
        return new ConfigurationSources(
                file,
                System.getenv(),
                flags,
                Path.of("").toAbsolutePath(),
                Path.of(System.getProperty("user.home")),
                true);
    }

    public ConfigurationSources withoutPasswords() {
        return new ConfigurationSources(file, environment, flags, workingDirectory, home, false);
    }

    /** Where relative paths of the file start. */
    Path directory() {
        return file.map(path -> workingDirectory.resolve(path).toAbsolutePath().getParent())
                .orElse(workingDirectory);
    }

    Place place(Origin origin) {
        return new Place(origin instanceof Origin.InFile ? directory() : workingDirectory, home);
    }

    /** The environment may hold passwords. */
    @Override
    public String toString() {
        return "ConfigurationSources[file=" + file + "]";
    }
}
