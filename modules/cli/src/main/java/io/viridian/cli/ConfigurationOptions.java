package io.viridian.cli;

import io.viridian.daemon.config.ConfigurationSources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the configuration comes from. */
final class ConfigurationOptions {
    static final String DEFAULT_FILE = "viridian.yaml";

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The configuration; default: viridian.yaml.")
    private @Nullable Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Override one key, like backfill.workers=4; repeatable.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    boolean named() {
        return file != null;
    }

    /** The file named, or the default one if it is there. */
    Optional<Path> file(Surroundings around) {
        if (file != null) {
            return Optional.of(around.workingDirectory().resolve(file));
        }
        Path usual = around.workingDirectory().resolve(DEFAULT_FILE);
        return Files.exists(usual) ? Optional.of(usual) : Optional.empty();
    }

    /** Whether there is anything to read at all: a file, or variables that stand for one. */
    boolean present(Surroundings around) {
        return file(around).isPresent() || around.environment().containsKey("VIRIDIAN_MIGRATION");
    }

    ConfigurationSources sources(Surroundings around) {
        return sources(around, Map.of());
    }

    ConfigurationSources sources(Surroundings around, Map<String, String> moreFlags) {
        Map<String, String> flags = new LinkedHashMap<>(overrides);
        flags.putAll(moreFlags);
        return new ConfigurationSources(
                file(around), around.environment(), flags, around.workingDirectory(), around.home(), true);
    }
}
