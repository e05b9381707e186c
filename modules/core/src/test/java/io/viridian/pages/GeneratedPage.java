package io.viridian.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of the documentation made from the code. {@code mvn test -Dviridian.regenerate=true} writes it anew. */
public final class GeneratedPage {
    private final Path path;

    private GeneratedPage(Path path) {
        this.path = path;
    }

    /** The page {@code docs/<name>}, seen from a module's directory, where Maven runs tests. */
    public static GeneratedPage named(String name) {
        return new GeneratedPage(
                Path.of("..", "..", "docs").resolve(name).toAbsolutePath().normalize());
    }

    /** Demands that the page says exactly this. */
    public void mustBe(String expected) {
        try {
            if (Boolean.getBoolean("viridian.regenerate")) {
                Files.createDirectories(path.resolveSibling(""));
                Files.writeString(path, expected);
            }
            assertThat(Files.exists(path) ? Files.readString(path) : "")
                    .as("%s is made from the code; run mvn test -Dviridian.regenerate=true and review it", path)
                    .isEqualTo(expected);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
