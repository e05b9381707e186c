package io.viridian.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of the reference that is made from the code. {@code mvn test -Dviridian.regenerate=true} writes it anew. */
public final class GeneratedPage {
    private final Path path;

    private GeneratedPage(Path path) {
        this.path = path;
    }

    /** The page {@code docs/reference/<name>}, seen from a module's directory, where Maven runs tests. */
    public static GeneratedPage named(String name) {
        return new GeneratedPage(
                Path.of("..", "..", "docs", "reference", name).toAbsolutePath().normalize());
    }

    public String text() {
        try {
            return Files.readString(path);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Demands that the page says exactly this. */
    public void mustBe(String expected) {
        if (Boolean.getBoolean("viridian.regenerate")) {
            try {
                Files.createDirectories(path.resolveSibling(""));
                Files.writeString(path, expected);
            } catch (IOException unwritable) {
                throw new UncheckedIOException(unwritable);
            }
        }
        assertThat(text())
                .as("%s is made from the code; run mvn test -Dviridian.regenerate=true and review it", path)
                .isEqualTo(expected);
    }
}
