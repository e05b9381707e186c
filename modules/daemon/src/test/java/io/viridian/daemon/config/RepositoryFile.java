package io.viridian.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of the repository that is made from the code. {@code mvn test -Dviridian.regenerate=true} writes it anew. */
final class RepositoryFile {
    private final Path path;

    private RepositoryFile(Path path) {
        this.path = path;
    }

    static RepositoryFile at(String name) {
        return new RepositoryFile(Path.of("..", "..", name).toAbsolutePath().normalize());
    }

    Path path() {
        return path;
    }

    String text() {
        try {
            return Files.readString(path);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    void mustBe(String expected) {
        if (Boolean.getBoolean("viridian.regenerate")) {
            try {
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
