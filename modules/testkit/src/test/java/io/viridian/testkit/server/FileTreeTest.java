package io.viridian.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileTreeTest {

    @TempDir
    private Path directory;

    @Test
    void aCopyHasTheSameBytesAndModesHoweverLargeAndHollowTheFiles() throws IOException {
        Path tree = Files.createDirectories(directory.resolve("tree/inner"));
        byte[] hollow = new byte[(9 << 20) + 17];
        new Random(1).nextBytes(hollow);
        Arrays.fill(hollow, 70_000, hollow.length - 5, (byte) 0);
        Files.write(tree.resolve("hollow"), hollow);
        Files.writeString(tree.resolve("small"), "small");
        Files.setPosixFilePermissions(tree, PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(tree.resolve("hollow"), PosixFilePermissions.fromString("rw-------"));

        FileTree.copy(directory.resolve("tree"), directory.resolve("copy"));

        Path copy = directory.resolve("copy/inner");
        assertThat(copy.resolve("hollow")).hasBinaryContent(hollow);
        assertThat(copy.resolve("small")).hasContent("small");
        assertThat(Files.getPosixFilePermissions(copy)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(Files.getPosixFilePermissions(copy.resolve("hollow")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void deletingTakesTheWholeTreeAndMindsNothingThatIsGone() throws IOException {
        Files.createDirectories(directory.resolve("tree/inner"));
        FileTree.delete(directory.resolve("tree"));
        FileTree.delete(directory.resolve("tree"));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whoPublishesSecondKeepsWhatIsThere() throws IOException {
        Path name = directory.resolve("name");
        Files.writeString(Files.createDirectory(directory.resolve("first")).resolve("file"), "first");
        Files.writeString(Files.createDirectory(directory.resolve("second")).resolve("file"), "second");
        EmbeddedBinaries.publish(directory.resolve("first"), name);
        EmbeddedBinaries.publish(directory.resolve("second"), name);
        assertThat(name.resolve("file")).hasContent("first");
        assertThat(directory.resolve("second")).doesNotExist();
    }

    @Test
    void aVersionWithoutArchiveIsRefusedByName() {
        assertThatThrownBy(() -> EmbeddedBinaries.of(9))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PostgreSQL 9");
    }
}
