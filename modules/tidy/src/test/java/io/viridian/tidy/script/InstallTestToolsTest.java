package io.viridian.tidy.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a machine whose path has no package manager, so that nothing is installed by a test. */
class InstallTestToolsTest {
    @TempDir
    Path folder;

    @BeforeEach
    void offerOnlyWhatTheScriptItselfNeeds() throws IOException {
        Path programs = Files.createDirectory(folder.resolve("bin"));
        for (String program : List.of("bash", "dirname", "id")) {
            Path original = Stream.of("/bin", "/usr/bin", "/usr/local/bin")
                    .map(place -> Path.of(place, program))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow();
            Files.createSymbolicLink(programs.resolve(program), original);
        }
    }

    @Test
    void isSilentWhenEverythingIsThere() throws Exception {
        assertThat(install("# a comment\n\nbash bash needed by this script\n", Map.of()))
                .isEqualTo(new Script.Outcome(0, ""));
    }

    @Test
    void namesAndCountsWhatIsMissingOnAUsersMachine() throws Exception {
        assertThat(install("gizmo gizmoctl\nwidget widgetd\nbash bash\n", Map.of()))
                .isEqualTo(new Script.Outcome(0, """
                        skipped: tests that need gizmoctl (Debian package gizmo)
                        skipped: tests that need widgetd (Debian package widget)
                        2 test tools are missing, their tests are skipped
                        """));
    }

    @Test
    void failsWhenATestToolIsMissingInCi() throws Exception {
        assertThat(install("gizmo gizmoctl\n", Map.of("CI", "true")).exitCode()).isEqualTo(1);
    }

    private Script.Outcome install(String packages, Map<String, String> extra)
            throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(extra);
        environment.put(
                "TEST_TOOLS", Script.write(folder.resolve("packages"), packages).toString());
        environment.put("PATH", folder.resolve("bin").toString());
        return Script.run(folder, environment, "scripts/install-test-tools");
    }
}
