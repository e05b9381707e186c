package io.viridian.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.viridian.fault.FaultException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensFileTest {
    private static final String ONE = "1".repeat(64);
    private static final String TWO = "2".repeat(64);

    private Path file = Path.of("");

    @BeforeEach
    void place(@TempDir Path directory) {
        file = directory.resolve("tokens.yaml");
    }

    @Test
    void saysWhoMayCall() throws Exception {
        write("""
                # the night shift
                - name: ana
                  role: approver
                  sha-256: %s
                - { name: bo@example.org, role: viewer, sha-256: "%s", expires: 2026-12-01T02:00:00Z }
                """.formatted(ONE, TWO));

        assertThat(TokensFile.read(file))
                .containsExactly(
                        new TokenEntry("ana", Role.APPROVER, ONE, Optional.empty()),
                        new TokenEntry(
                                "bo@example.org",
                                Role.VIEWER,
                                TWO,
                                Optional.of(Instant.parse("2026-12-01T02:00:00Z"))));
    }

    @Test
    void mayBeEmptySoThatTheLastOneCanBeRevoked() throws Exception {
        write("# nobody\n");
        assertThat(TokensFile.read(file)).isEmpty();
        write("[]\n");
        assertThat(TokensFile.read(file)).isEmpty();
    }

    @Test
    void isRefusedWithFileAndLineAndEverythingThatIsWrong() throws Exception {
        write("""
                - name: ana
                  role: boss
                  sha-256: %s
                - name: ana
                  rolle: viewer
                  sha-256: %s
                - name: -x
                  role: viewer
                  role: admin
                  sha-256: ABC
                  expires: tomorrow
                - role: viewer
                """.formatted(ONE, ONE));

        assertThat(refusals())
                .containsExactlyInAnyOrder(
                        file + ":1: [0].role is not a role: there are viewer, operator, approver, responder, admin",
                        file
                                + ":5: [1].rolle is not known; the nearest is 'role'; there are expires, name, role, sha-256",
                        file + ":4: [1].role is missing",
                        file + ":4: [1].name is that of the token on line 1; each has its own",
                        file + ":4: [1].sha-256 is that of the token on line 1; each has its own",
                        file + ":9: [2].role is given twice, first on line 8; remove one",
                        file + ":7: [2].name is not a name: it must be 1 to 64 letters, digits, dots, dashes,"
                                + " underscores or @, the first a letter or digit",
                        file + ":7: [2].sha-256 is not a SHA-256: it must be 64 hexadecimal digits in lower case",
                        file + ":7: [2].expires is not a moment: it must be like 2026-12-01T02:00:00Z",
                        file + ":12: [3].name is missing",
                        file + ":12: [3].sha-256 is missing");
    }

    @Test
    void isRefusedWhenItIsNoListOrNotThere() throws Exception {
        assertThat(refusals()).containsExactly(file + ": there is no such file");
        write("tokens: []\n");
        assertThat(refusals()).containsExactly(file + ":1: the file must hold a list, not a section");
    }

    @Test
    void isRefusedWhileOthersCanReadOrWriteIt() throws Exception {
        write("[]\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThat(refusals()).singleElement().asString().contains("run chmod 600 " + file);
    }

    @Test
    void growsAndShrinksWithoutLosingWhatPeopleWroteAroundIt() throws Exception {
        TokenEntry ana = new TokenEntry("ana", Role.ADMIN, ONE, Optional.empty());
        TokenEntry bo = new TokenEntry("bo", Role.VIEWER, TWO, Optional.of(Instant.parse("2026-12-01T02:00:00Z")));
        TokensFileEdit edit = new TokensFileEdit(file);
        edit.add(ana);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Files.writeString(file, Files.readString(file) + "# until December\n");
        edit.add(bo);
        assertThat(TokensFile.read(file)).containsExactly(ana, bo);

        edit.remove("ana");

        assertThat(TokensFile.read(file)).containsExactly(bo);
        assertThat(Files.readString(file)).startsWith("# until December\n- name: bo\n");
        edit.remove("bo");
        assertThat(TokensFile.read(file)).isEmpty();
    }

    @Test
    void isNotChangedWhereThatWouldSaySomethingElse() throws Exception {
        TokensFileEdit edit = new TokensFileEdit(file);
        TokenEntry ana = new TokenEntry("ana", Role.ADMIN, ONE, Optional.empty());
        edit.add(ana);
        assertThatExceptionOfType(FaultException.class)
                .isThrownBy(() -> edit.add(new TokenEntry("ana", Role.VIEWER, TWO, Optional.empty())))
                .withMessageContaining("has a token of ana already");
        assertThatExceptionOfType(FaultException.class)
                .isThrownBy(() -> edit.remove("bo"))
                .withMessageContaining("no token of bo; it has [ana]");

        write("[{ name: ana, role: admin, sha-256: \"%s\" }, { name: bo, role: viewer, sha-256: \"%s\" }]\n"
                .formatted(ONE, TWO));

        assertThatExceptionOfType(FaultException.class)
                .isThrownBy(() -> edit.remove("bo"))
                .withMessageContaining("change it by hand");
        assertThat(TokensFile.read(file)).hasSize(2);
        assertThat(file.resolveSibling("tokens.yaml.new")).doesNotExist();
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private List<String> refusals() {
        ConfigurationException refused =
                catchThrowableOfType(ConfigurationException.class, () -> TokensFile.read(file));
        return refused.problems().list().stream().map(Problem::sentence).toList();
    }
}
