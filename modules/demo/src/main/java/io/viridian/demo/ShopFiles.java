package io.viridian.demo;

import io.viridian.daemon.config.ConfigurationSources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A directory of this run with the example's files, of which only the addresses in {@code viridian.yaml} are changed.
 * Everything the daemon keeps on disk is in there too.
 */
final class ShopFiles implements AutoCloseable {
    private static final String BLUE_URL = "postgresql://postgres@localhost:5414/shop";
    private static final String GREEN_URL = "postgresql://postgres@localhost:5418/shop";

    private final Path directory;

    private ShopFiles(Path directory) {
        this.directory = directory;
    }

    static ShopFiles prepare(Path shop, Stage stage, int port) {
        try {
            Path directory = Files.createTempDirectory("viridian-demo-");
            ShopFiles files = new ShopFiles(directory);
            Runtime.getRuntime().addShutdownHook(new Thread(files::closeAtTheEnd, "demo-files"));
            copy(shop, directory);
            String given = read(shop.resolve("viridian.yaml"));
            String ours = replaced(
                    replaced(given, BLUE_URL, stage.blueServer().url(stage.database())),
                    GREEN_URL,
                    stage.greenServer().url(stage.database()));
            Files.writeString(
                    files.configuration(),
                    ours + "http:\n  listen: 127.0.0.1:" + port + "\nstate-dir: " + directory.resolve("state") + "\n");
            return files;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    Path configuration() {
        return directory.resolve("viridian.yaml");
    }

    Path ledger() {
        return directory.resolve("ledger");
    }

    /** What {@code viridian run -c} would read; where the databases are is ours to say, not the environment's. */
    ConfigurationSources sources(Map<String, String> environment) {
        Map<String, String> ours = new TreeMap<>(environment);
        ours.keySet().removeIf(name -> name.matches("VIRIDIAN_(BLUE|GREEN|JOURNAL)_.*|VIRIDIAN_STATE_DIR|PG[A-Z]+"));
        return new ConfigurationSources(Optional.of(configuration()), ours, Map.of(), directory, directory, true);
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String replaced(String text, String address, String by) {
        if (!text.contains(address)) {
            throw new Trouble("examples/shop/viridian.yaml does not name " + address + " any more");
        }
        return text.replace(address, by);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(path -> !path.equals(from)).toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    @Override
    public void close() {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** After Ctrl-C: the daemon may still be putting its own files away, so once more when it is done. */
    private void closeAtTheEnd() {
        try {
            close();
        } catch (UncheckedIOException inUse) {
            close();
        }
    }
}
