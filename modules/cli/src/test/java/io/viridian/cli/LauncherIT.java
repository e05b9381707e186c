package io.viridian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.cli.Shell.Run;
import io.viridian.daemon.Version;
import io.viridian.daemon.http.InMemoryControl;
import io.viridian.daemon.http.LiveServer;
import io.viridian.daemon.http.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher at the root of the repository, as a process. Runs once the program is packed. */
class LauncherIT {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Path APP = Path.of("target", "app").toAbsolutePath();

    /** A build of its own would take longer than anything else here. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path directory = Path.of("");

    @Nested
    class Packed {
        private final Map<String, String> packed = Map.of("VIRIDIAN_HOME", APP.toString());

        @Test
        void tellsItsVersion() throws Exception {
            Run run = run(ROOT.resolve("viridian"), packed, "version");

            assertThat(run.exit()).as(run.err()).isZero();
            assertThat(run.out()).startsWith("viridian " + Version.current() + " (Java ");
            assertThat(run.err()).isEmpty();
        }

        @Test
        void showsTheStatusOfADaemon() throws Exception {
            InMemoryControl control = new InMemoryControl();
            try (LiveServer server = LiveServer.of(control, directory.resolve("state"))) {
                String address = "http://127.0.0.1:" + server.port();

                Run run = run(ROOT.resolve("viridian"), packed, "status", "--server", address);

                assertThat(run.exit()).as(run.err()).isZero();
                assertThat(run.out()).startsWith("shop-v2  READY").contains("Next: ");
                assertThat(run.err()).isEmpty();
            }
            Run gone = run(ROOT.resolve("viridian"), packed, "status", "--server", "http://127.0.0.1:1");
            assertThat(gone.exit()).isEqualTo(9);
            assertThat(gone.out()).isEmpty();
        }

        @Test
        void asksForNothingWithoutATerminal() throws Exception {
            InMemoryControl control = new InMemoryControl();
            try (LiveServer server = LiveServer.of(control, directory.resolve("state"))) {
                new Shell(directory).configured(server.port());
                String file = directory.resolve("viridian.yaml").toString();

                Run refused = run(ROOT.resolve("viridian"), packed, "cutover", "-c", file);
                assertThat(refused.exit()).isEqualTo(2);
                assertThat(refused.err()).contains("--confirm " + Samples.MIGRATION);

                assertThat(run(ROOT.resolve("viridian"), packed, "cutover", "-c", file, "--confirm", "shop-v2")
                                .exit())
                        .isZero();
            }
        }

        @Test
        void givesOptionsToTheJvm() throws Exception {
            Run run = run(
                    ROOT.resolve("viridian"),
                    Map.of("VIRIDIAN_HOME", APP.toString(), "VIRIDIAN_JAVA_OPTS", "-Xmx64m -XshowSettings:vm"),
                    "version");

            assertThat(run.err() + run.out()).contains("Max. Heap Size: 64.00M");
        }

        @Test
        void isFoundThroughALink() throws Exception {
            Path link = Files.createSymbolicLink(directory.resolve("link"), ROOT.resolve("viridian"));

            assertThat(run(link, packed, "version").exit()).isZero();
        }
    }

    /** In a repository of its own, whose Maven only writes down that it was called. */
    @Nested
    class BuildingItself {
        private Path root = Path.of("");

        @BeforeEach
        void layOut() throws IOException {
            root = Files.createDirectories(directory.resolve("a repository"));
            Files.createDirectories(root.resolve("modules/core/src/main"));
            Files.createDirectories(root.resolve("modules/core/src/test"));
            Files.createDirectories(root.resolve("scripts"));
            Files.writeString(root.resolve("pom.xml"), "<project/>");
            Files.writeString(root.resolve("modules/core/src/main/A.java"), "class A {}");
            Files.copy(ROOT.resolve("viridian"), root.resolve("viridian"));
            script("find-jdk", "echo '" + System.getProperty("java.home") + "'");
            script("maven", """
                    echo "$@" >>builds
                    mkdir -p modules/cli/target/app
                    cp -R '%s/lib' modules/cli/target/app/
                    """.formatted(APP));
        }

        @Test
        void buildsOnFirstUseAndThenNoMore() throws Exception {
            Run first = run(root.resolve("viridian"), Map.of(), "version");
            assertThat(first.exit()).as(first.err()).isZero();
            assertThat(first.out()).startsWith("viridian ");
            assertThat(first.err()).contains("building itself").hasLineCount(1);

            Run second = run(root.resolve("viridian"), Map.of(), "version");
            assertThat(second.err()).isEmpty();
            assertThat(builds()).containsExactly("-q -Dquick package -DskipTests -pl modules/cli -am");
        }

        @Test
        void buildsAgainWhenASourceOfTheProgramIsNewer() throws Exception {
            run(root.resolve("viridian"), Map.of(), "version");

            touch(Files.writeString(root.resolve("modules/core/src/test/ATest.java"), "class ATest {}"));
            run(root.resolve("viridian"), Map.of(), "version");
            assertThat(builds()).hasSize(1);

            touch(root.resolve("modules/core/src/main/A.java"));
            run(root.resolve("viridian"), Map.of(), "version");
            assertThat(builds()).hasSize(2);
        }

        @Test
        void buildsOnceForSeveralThatStartTogether() throws Exception {
            List<Process> together = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                together.add(start(root.resolve("viridian"), Map.of(), "version"));
            }
            for (Process one : together) {
                assertThat(one.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
                assertThat(one.exitValue()).isZero();
            }

            assertThat(builds()).hasSize(1);
        }

        @Test
        void takesOverTheLockOfABuilderThatDied() throws Exception {
            Files.createDirectories(root.resolve("target/viridian-build.lock"));
            Files.writeString(root.resolve("target/viridian-build.lock/pid"), "4194305\n");

            assertThat(run(root.resolve("viridian"), Map.of(), "version").exit())
                    .isZero();
            assertThat(root.resolve("target/viridian-build.lock")).doesNotExist();
        }

        @Test
        void tellsWhyABuildFailed() throws Exception {
            script("maven", "echo 'COMPILATION ERROR'\nexit 1");

            Run run = run(root.resolve("viridian"), Map.of(), "version");

            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err()).contains("COMPILATION ERROR", "the build failed", "viridian-build.log");
            assertThat(root.resolve("target/viridian-build.lock")).doesNotExist();
        }

        @Test
        void goesNoFurtherWithoutAJdk() throws Exception {
            script("find-jdk", "echo 'Viridian needs JDK 25. Looked at: /opt/*' >&2\nexit 2");

            Run run = run(root.resolve("viridian"), Map.of(), "version");

            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err()).contains("needs JDK 25", "/opt/*");
            assertThat(root.resolve("builds")).doesNotExist();
        }

        private List<String> builds() throws IOException {
            return Files.readAllLines(root.resolve("builds"));
        }

        private void script(String name, String body) throws IOException {
            Path file = Files.writeString(root.resolve("scripts").resolve(name), "#!/bin/sh\n" + body + "\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }

        private static void touch(Path file) throws IOException {
            Files.setLastModifiedTime(
                    file,
                    FileTime.from(Files.getLastModifiedTime(file).toInstant().plusSeconds(60)));
        }
    }

    private Run run(Path program, Map<String, String> environment, String... arguments) throws Exception {
        Process process = start(program, environment, arguments);
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return new Run(
                process.exitValue(),
                new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8),
                new String(process.getErrorStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
    }

    private Process start(Path program, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().putAll(environment);
        return builder.start();
    }
}
