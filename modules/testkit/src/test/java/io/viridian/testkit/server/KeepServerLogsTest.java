package io.viridian.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineTestKit;

@Timeout(120)
final class KeepServerLogsTest {

    private static Path target = Path.of("unset");

    @TempDir
    private Path directory;

    @Test
    void aFailureKeepsTheLogsOfRunningAndOfClosedServersAndASuccessKeepsNothing() throws IOException {
        SharedServers.blue(18);
        target = directory;
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(Subject.class))
                .execute()
                .testEvents()
                .assertStatistics(tests -> tests.succeeded(1).failed(1));

        List<Path> tests;
        try (Stream<Path> entries = Files.list(directory)) {
            tests = entries.toList();
        }
        assertThat(tests).hasSize(1);
        assertThat(tests.getFirst().getFileName().toString()).endsWith("Subject.fails");
        assertThat(tests.getFirst())
                .isDirectoryContaining(log -> log.getFileName().toString().startsWith("blue-18-port"))
                .isDirectoryContaining(log -> log.getFileName().toString().contains("green-18"));
        try (Stream<Path> logs = Files.list(tests.getFirst())) {
            assertThat(logs).allSatisfy(log -> assertThat(log).content().contains("ready to accept connections"));
        }
    }

    /** Not found by itself: it is nested, static and not a test class by name. */
    static final class Subject {

        @RegisterExtension
        private final KeepServerLogs extension = new KeepServerLogs(target);

        @Test
        void succeeds() {
            assertThat(SharedServers.blue(18).running()).isTrue();
        }

        @Test
        void fails() {
            Servers.start(ServerRole.GREEN, 18, Map.of()).close();
            throw new AssertionError("on purpose");
        }
    }
}
