package io.viridian.tidy.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The working copy these tests run in: where it is, which modules it has, and what they hold. */
public record Checkout(Path root) {
    private static final List<String> SOURCE_SETS = List.of("src/main/java", "src/test/java");

    /** The checkout around the working directory, which Maven sets to the module and an editor to whatever it likes. */
    public static Checkout here() {
        Path start = Path.of("").toAbsolutePath();
        for (Path at = start; at != null; at = at.getParent()) {
            if (Files.isRegularFile(at.resolve("pom.xml")) && Files.isDirectory(at.resolve("modules"))) {
                return new Checkout(at);
            }
        }
        throw new IllegalStateException("no checkout of Viridian around " + start);
    }

    /** Every folder of {@code modules} that Maven would build, by name. */
    public List<Path> modules() {
        try (Stream<Path> folders = Files.list(root.resolve("modules"))) {
            return folders.filter(folder -> Files.isRegularFile(folder.resolve("pom.xml")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every Java file of every module, parsed. Paths are relative to the root, as a reader wants to see them. */
    public List<SourceFile> sources() {
        return SourceReader.parse(modules().stream()
                .flatMap(module -> SOURCE_SETS.stream().map(module::resolve))
                .flatMap(Checkout::javaFilesUnder)
                .map(file -> new RawSource(root.relativize(file), read(file)))
                .toList());
    }

    /** Where the production classes of a module are once it has been compiled. */
    public static Path classesOf(Path module) {
        return module.resolve("target/classes");
    }

    /** Whether a module has production code at all; a module of tests alone has no classes to look at. */
    public static boolean hasProductionCode(Path module) {
        return javaFilesUnder(module.resolve("src/main/java")).findAny().isPresent();
    }

    public String read(String relative) {
        return read(root.resolve(relative));
    }

    private static Stream<Path> javaFilesUnder(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
