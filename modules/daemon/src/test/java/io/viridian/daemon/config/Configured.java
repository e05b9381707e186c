package io.viridian.daemon.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A configuration under test: a file in a temporary directory, an environment and flags of its own. */
final class Configured {
    /** The least that a file must say. */
    static final String MINIMAL = """
            migration: shop-v2
            blue:
              url: postgresql://viridian@blue-db/shop
            green:
              url: postgresql://viridian@green-db/shop
            """;

    private final Path directory;
    private final Path file;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final Map<String, String> flags = new LinkedHashMap<>();

    private Configured(Path directory, String yaml) {
        this.directory = directory;
        this.file = write(directory, "viridian.yaml", yaml);
    }

    static Configured by(Path directory, String yaml) {
        return new Configured(directory, yaml);
    }

    /** The least, and this. */
    static Configured minimalAnd(Path directory, String yaml) {
        return new Configured(directory, MINIMAL + yaml);
    }

    Configured environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Configured flag(String key, String value) {
        flags.put(key, value);
        return this;
    }

    ConfigurationSources sources() {
        return new ConfigurationSources(
                Optional.of(file), environment, flags, directory.resolve("work"), directory.resolve("home"), true);
    }

    Configuration load() {
        return ConfigurationLoader.load(sources());
    }

    Settings settings() {
        return load().settings();
    }

    /** Every refusal as its sentence, with the file by its bare name. */
    List<String> refusals() {
        return ConfigurationLoader.check(sources()).list().stream()
                .map(Problem::sentence)
                .map(sentence -> sentence.replace(directory + "/", ""))
                .toList();
    }

    static Path write(Path directory, String name, String text) {
        try {
            Path written = directory.resolve(name);
            Files.createDirectories(written.getParent());
            return Files.writeString(written, text);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
