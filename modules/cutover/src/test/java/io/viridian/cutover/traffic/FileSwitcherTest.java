package io.viridian.cutover.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.plan.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileSwitcherTest {
    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("db.env");
    }

    private FileSwitcher switcher(List<String> then) {
        return new FileSwitcher(
                file,
                "DATABASE_URL={{url}}\n# {{side}}\n",
                then,
                Duration.ofSeconds(5),
                side -> "postgresql://" + side.text() + ":5432/shop");
    }

    @Test
    void theFileNamesTheNewOwner() throws Exception {
        FileSwitcher switcher = switcher(List.of());
        assertThat(switcher.probe(Side.BLUE)).isFalse();
        switcher.perform(Side.BLUE);
        assertThat(switcher.probe(Side.BLUE)).isTrue();
        switcher.perform(Side.GREEN);
        assertThat(file).content().isEqualTo("DATABASE_URL=postgresql://green:5432/shop\n# green\n");
        assertThat(switcher.probe(Side.GREEN)).isTrue();
        assertThat(switcher.probe(Side.BLUE)).isFalse();
    }

    @Test
    void whoeverCouldReadTheFileStillCanAndNothingElseIsLeftBehind() throws Exception {
        Files.writeString(file, "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        switcher(List.of()).perform(Side.GREEN);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r--r--");
        try (Stream<Path> entries = Files.list(directory)) {
            assertThat(entries).containsExactly(file);
        }
    }

    @Test
    void aNewFileIsNotForEverybody() throws Exception {
        switcher(List.of()).perform(Side.GREEN);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
    }

    @Test
    void aLinkStaysALink() throws Exception {
        Path real = Files.writeString(directory.resolve("real.env"), "old");
        Files.createSymbolicLink(file, real);
        switcher(List.of()).perform(Side.GREEN);
        assertThat(file).isSymbolicLink();
        assertThat(real).content().contains("green");
    }

    @Test
    void aReaderThatHasTheOldFileOpenKeepsAWholeOne() throws Exception {
        switcher(List.of()).perform(Side.BLUE);
        try (java.io.BufferedReader reader = Files.newBufferedReader(file)) {
            switcher(List.of()).perform(Side.GREEN);
            assertThat(reader.readLine()).contains("blue");
        }
    }

    @Test
    void aFileThatIsRightIsNotWrittenAgainButTheCommandIsRun() throws Exception {
        Path runs = directory.resolve("runs");
        FileSwitcher switcher = switcher(List.of("sh", "-c", "echo $VIRIDIAN_OWNER >> " + runs));
        switcher.perform(Side.GREEN);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
        switcher.perform(Side.GREEN);
        assertThat(Files.getLastModifiedTime(file).toMillis()).isEqualTo(1000);
        assertThat(runs).content().isEqualTo("green\ngreen\n");
    }

    @Test
    void aCommandThatFailsIsTold() {
        assertThatThrownBy(() -> switcher(List.of("sh", "-c", "echo shop.service not found; exit 5"))
                        .perform(Side.GREEN))
                .hasMessageContaining("TRAFFIC_FAILED")
                .hasMessageContaining("shop.service not found");
    }

    @Test
    void aDirectoryThatDoesNotExistIsToldAndNothingIsCreated() throws IOException {
        file = directory.resolve("missing").resolve("db.env");
        assertThatThrownBy(() -> switcher(List.of()).perform(Side.GREEN))
                .hasMessageContaining("TRAFFIC_FAILED")
                .hasMessageContaining("missing");
        assertThat(directory).isEmptyDirectory();
    }
}
