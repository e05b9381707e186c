package io.viridian.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.viridian.daemon.config.ConfigurationException;
import io.viridian.daemon.config.Role;
import io.viridian.daemon.config.TokenEntry;
import io.viridian.daemon.config.TokensFileEdit;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callers with tokens of their own. */
class FileTokensTest {
    private final ApiDescription description = ApiDescription.read();
    private final InMemoryControl control = new InMemoryControl();
    private final IssuedToken viewer = IssuedToken.fresh();
    private final IssuedToken admin = IssuedToken.fresh();

    @TempDir
    private Path directory = Path.of("");

    private Path file = Path.of("");

    @BeforeEach
    void give() {
        file = directory.resolve("tokens.yaml");
        give("vic", Role.VIEWER, viewer, Optional.empty());
        give("ana", Role.ADMIN, admin, Optional.empty());
    }

    private void give(String name, Role role, IssuedToken token, Optional<Instant> expires) {
        new TokensFileEdit(file).add(new TokenEntry(name, role, token.sha256(), expires));
    }

    private LiveServer serve(String host) throws Exception {
        HttpSettings settings = new HttpSettings(Samples.MIGRATION, host, 0, directory, Optional.of(file), "9.9.9");
        return LiveServer.of(new HttpServer(control, settings, LiveServer.registry(), Clock.system()));
    }

    @Test
    void eachMayDoWhatItsRoleAllowsAndIsToldWhatItMayNot() throws Exception {
        try (LiveServer server = serve("127.0.0.1")) {
            assertThat(server.tokenFile()).as("nobody else is let in").doesNotExist();
            description.assertProblem(ask(server, viewer, "abort"), 403, "role-missing", "NOT_ALLOWED");
            assertThat(ask(server, admin, "abort").statusCode()).isEqualTo(202);
            assertThat(control.operations(1).getFirst().by()).isEqualTo("ana");

            JsonNode status = LiveServer.json(get(server, viewer, "/v1/migrations/shop-v2"));
            description.assertValid("Status", status);
            assertThat(status.at("/allowedActions/0/allowed").asBoolean()).isFalse();
            assertThat(status.at("/allowedActions/0/reason").asText())
                    .isEqualTo("cutover needs the role approver; vic has viewer");
            assertThat(LiveServer.json(get(server, admin, "/v1/migrations/shop-v2"))
                            .at("/allowedActions/0/allowed")
                            .asBoolean())
                    .isTrue();
        }
    }

    @Test
    void eachLearnsWhoseTokenItHas() throws Exception {
        try (LiveServer server = serve("127.0.0.1")) {
            JsonNode caller = LiveServer.json(get(server, viewer, "/v1/caller"));
            description.assertValid("Caller", caller);
            assertThat(caller.path("name").asText()).isEqualTo("vic");
            assertThat(caller.path("role").asText()).isEqualTo("viewer");

            JsonNode nobody = LiveServer.json(server.get("/v1/caller"));
            description.assertValid("Caller", nobody);
            assertThat(nobody.path("name").isNull()).isTrue();
            description.assertProblem(
                    get(server, IssuedToken.fresh(), "/v1/caller"), 401, "token-refused", "NOT_ALLOWED");
        }
    }

    @Test
    void aTokenThatHasExpiredIsToldSo() throws Exception {
        IssuedToken old = IssuedToken.fresh();
        give("old", Role.ADMIN, old, Optional.of(Instant.parse("2020-01-01T00:00:00Z")));
        try (LiveServer server = serve("127.0.0.1")) {
            HttpResponse<String> answer = get(server, old, "/v1/migrations/shop-v2");

            description.assertProblem(answer, 401, "token-expired", "NOT_ALLOWED");
            assertThat(answer.body()).contains("the token of old expired at 2020-01-01T00:00:00Z");
        }
    }

    @Test
    void theFileIsReadAgainWhenItChangesAndTheLastGoodOneIsKept() throws Exception {
        IssuedToken bo = IssuedToken.fresh();
        FileTokens tokens = FileTokens.read(file, Clock.system());
        assertThat(tokens.callerOf(viewer.text())).map(Caller::name).contains("vic");

        new TokensFileEdit(file).remove("vic");
        assertThat(tokens.callerOf(viewer.text())).isPresent();
        tokens.look();
        assertThat(tokens.callerOf(viewer.text())).isEmpty();
        assertThat(tokens.callerOf(admin.text())).map(Caller::role).contains(Role.ADMIN);

        new TokensFileEdit(file).add(new TokenEntry("vic", Role.VIEWER, viewer.sha256(), Optional.empty()));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        tokens.look();
        assertThat(tokens.callerOf(viewer.text()))
                .as("while others can write it")
                .isEmpty();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        tokens.look();
        assertThat(tokens.callerOf(viewer.text())).isPresent();

        Files.writeString(file, "- name: [\n");
        tokens.look();
        assertThat(tokens.callerOf(admin.text())).isPresent();
        Files.delete(file);
        tokens.look();
        assertThat(tokens.callerOf(admin.text())).isPresent();

        give("bo", Role.VIEWER, bo, Optional.empty());
        tokens.look();
        assertThat(tokens.callerOf(bo.text())).isPresent();
        assertThat(tokens.callerOf(admin.text())).isEmpty();
    }

    @Test
    void aRevokedTokenIsRefusedWithoutARestart() throws Exception {
        try (LiveServer server = serve("127.0.0.1")) {
            new TokensFileEdit(file).remove("ana");

            assertThat(new Waiter()
                            .awaitUntil(
                                    () -> statusOf(server, admin) == 401,
                                    Deadline.after(Clock.system(), LiveServer.PATIENCE)))
                    .isTrue();
        }
    }

    @Test
    void aBrokenFileKeepsTheDaemonFromStarting() throws Exception {
        Files.writeString(file, "- name: ana\n");

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> serve("127.0.0.1"))
                .withMessageContaining("[0].role is missing");
    }

    /** Elsewhere than on loopback nobody reads without a token who comes by another name than loopback's. */
    @Test
    void withTokensOtherMachinesAreServedAndPagesOfOtherNamesAreNot() throws Exception {
        try (LiveServer server = serve("0.0.0.0");
                RawClient other = new RawClient(server.port());
                RawClient page = new RawClient(server.port())) {
            assertThat(server.get("/v1/migrations").statusCode()).isEqualTo(200);
            assertThat(other.send("GET /v1/migrations HTTP/1.1\nHost: shop.example\nConnection: close\n\n")
                            .readToTheEnd())
                    .startsWith("HTTP/1.1 401");
            assertThat(page.send("GET / HTTP/1.1\nHost: shop.example\nConnection: close\n\n")
                            .readToTheEnd())
                    .startsWith("HTTP/1.1 200");
            assertThat(get(server, viewer, "/v1/migrations").statusCode()).isEqualTo(200);
        }
    }

    private static int statusOf(LiveServer server, IssuedToken token) {
        try {
            return get(server, token, "/v1/caller").statusCode();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpResponse<String> get(LiveServer server, IssuedToken token, String path) throws Exception {
        return server.send(server.request(path).header("Authorization", "Bearer " + token.text()));
    }

    private static HttpResponse<String> ask(LiveServer server, IssuedToken token, String type) throws Exception {
        HttpRequest.Builder request = server.posting("{\"type\": \"%s\"}".formatted(type))
                .header("Authorization", "Bearer " + token.text())
                .header("If-Match", "*");
        return server.send(request);
    }
}
