package io.viridian.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.time.Clock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartingTest {
    private final InMemoryControl control = new InMemoryControl();

    @TempDir
    private Path state = Path.of("");

    @Test
    void writesTheAdminTokenWhereOnlyItsOwnUserCanReadIt() throws Exception {
        try (LiveServer server = LiveServer.of(control, state)) {
            assertThat(server.tokenFile()).isEqualTo(state.resolve("shop-v2").resolve("admin-token"));
            assertThat(server.tokenFile()).isEqualTo(HttpSettings.tokenFile(state, "shop-v2"));
            assertThat(permissions(server.tokenFile())).isEqualTo("rw-------");
            assertThat(permissions(state.resolve("shop-v2"))).isEqualTo("rwx------");
            assertThat(server.token()).matches("viridian_[A-Za-z0-9_-]{43}");
        }
    }

    @Test
    void makesANewTokenAtEveryStartAndTakesTheOldOneAway() throws Exception {
        String first;
        try (LiveServer server = LiveServer.of(control, state)) {
            first = server.token();
        }
        assertThat(state.resolve("shop-v2").resolve("admin-token")).doesNotExist();

        try (LiveServer server = LiveServer.of(control, state)) {
            assertThat(server.token()).isNotEqualTo(first);
            assertThat(server.send(server.posting("{\"type\":\"verify\"}").header("Authorization", "Bearer " + first))
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void replacesATokenFileThatOthersCouldRead() throws Exception {
        Path file = Files.createDirectories(state.resolve("shop-v2")).resolve("admin-token");
        Files.writeString(file, "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

        try (LiveServer server = LiveServer.of(control, state)) {
            assertThat(permissions(server.tokenFile())).isEqualTo("rw-------");
        }
    }

    @Test
    void leavesTheTokenOfAnotherDaemonAlone() throws Exception {
        LiveServer first = LiveServer.of(control, state);
        try (LiveServer second = LiveServer.of(control, state)) {
            first.close();

            assertThat(second.ask("{\"type\":\"verify\"}").statusCode()).isEqualTo(202);
        }
    }

    @Test
    void doesNotTouchTheTokenWhenThePortIsTaken() throws Exception {
        try (LiveServer first = LiveServer.of(control, state)) {
            String token = first.token();
            HttpServer second = new HttpServer(
                    control, LiveServer.settings(state, first.port()), LiveServer.registry(), Clock.system());

            assertThatExceptionOfType(FaultException.class)
                    .isThrownBy(second::start)
                    .satisfies(fault -> assertThat(fault.code()).isEqualTo(FaultCode.CONFIGURATION_INVALID))
                    .withMessageContaining("cannot listen on 127.0.0.1:" + first.port());
            second.close();

            assertThat(first.token()).isEqualTo(token);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "192.0.2.7", "shop.example", "::"})
    void listensNowhereThatTheNetworkReachesWithoutKnowingWhoMayCall(String host) {
        HttpServer server = new HttpServer(
                control,
                new HttpSettings("shop-v2", host, 0, state, Optional.empty(), "1"),
                LiveServer.registry(),
                Clock.system());

        assertThatExceptionOfType(FaultException.class)
                .isThrownBy(server::start)
                .satisfies(fault -> assertThat(fault.code()).isEqualTo(FaultCode.CONFIGURATION_INVALID))
                .withMessageContaining("http.tokens-file");
    }

    @Test
    void closesTwiceWithoutComplaint() throws Exception {
        LiveServer server = LiveServer.of(control, state);
        server.close();
        server.close();
    }

    private static String permissions(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
