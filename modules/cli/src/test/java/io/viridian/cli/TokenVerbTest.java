package io.viridian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viridian.cli.Shell.Run;
import io.viridian.daemon.config.Role;
import io.viridian.daemon.config.TokenEntry;
import io.viridian.daemon.config.TokensFile;
import io.viridian.daemon.http.IssuedToken;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenVerbTest {
    private Shell shell;

    @BeforeEach
    void start(@TempDir Path directory) {
        shell = new Shell(directory);
    }

    @Test
    void printsTheTokenAloneAndTheEntryAside() {
        Run run = shell.run("token", "create", "--name", "ana", "--role", "approver");

        assertThat(run.exit()).isZero();
        assertThat(run.out()).matches("viridian_[A-Za-z0-9_-]{43}\n");
        String digest = new IssuedToken(run.out().strip()).sha256();
        assertThat(run.err()).endsWith("- name: ana\n  role: approver\n  sha-256: \"" + digest + "\"\n");
    }

    @Test
    void addsItToTheFileAndTakesItAwayAgain() throws Exception {
        Path file = shell.directory().resolve("tokens.yaml");
        Run run = shell.run(
                "token",
                "create",
                "--name",
                "ana",
                "--role",
                "viewer",
                "--expires",
                "12h",
                "--file",
                "tokens.yaml",
                "-o",
                "json");

        JsonNode token = new ObjectMapper().readTree(run.out());
        String digest = new IssuedToken(token.path("token").asText()).sha256();
        assertThat(token.path("sha-256").asText()).isEqualTo(digest);
        assertThat(TokensFile.read(file))
                .containsExactly(
                        new TokenEntry("ana", Role.VIEWER, digest, Optional.of(Shell.NOW.plus(Duration.ofHours(12)))));
        assertThat(run.err()).doesNotContain(token.path("token").asText());

        Run revoked = shell.run("token", "revoke", "--name", "ana", "--file", "tokens.yaml");
        assertThat(revoked.exit()).isZero();
        assertThat(revoked.err()).isEqualTo("the token of ana is revoked\n");
        assertThat(TokensFile.read(file)).isEmpty();
        assertThat(shell.run("token", "revoke", "--name", "ana", "--file", "tokens.yaml")
                        .exit())
                .isEqualTo(2);
    }

    @Test
    void refusesNamesAndRolesThatThereAreNot() {
        assertThat(shell.run("token", "create", "--name", "ana", "--role", "boss")
                        .err())
                .contains("there are viewer, operator, approver, responder, admin");
        assertThat(shell.run("token", "create", "--name", "a b", "--role", "viewer")
                        .err())
                .contains("'a b' is not a name");
        assertThat(shell.run("token", "create", "--name", "ana").exit()).isEqualTo(2);
        assertThat(shell.run("token").err()).contains("say create or revoke");
    }
}
