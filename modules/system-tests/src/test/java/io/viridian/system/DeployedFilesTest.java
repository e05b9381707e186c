package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.viridian.daemon.metrics.Metric;
import io.viridian.testkit.Installed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies in {@code deploy} beside the daemon: alerts and a dashboard that fit its metrics. */
class DeployedFilesTest {
    private static final Path DEPLOY =
            Path.of("..", "..", "deploy").toAbsolutePath().normalize();
    private static final Path RULES = DEPLOY.resolve("prometheus/viridian.rules.yaml");
    private static final Path TESTS = DEPLOY.resolve("prometheus/viridian.rules.test.yaml");
    private static final Path DASHBOARD = DEPLOY.resolve("grafana/viridian.json");

    private static Set<String> found(Path file, String pattern) throws IOException {
        Set<String> found = new TreeSet<>();
        Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(file));
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"prometheus/viridian.rules.yaml", "prometheus/viridian.rules.test.yaml", "grafana/viridian.json"
            })
    void onlyMetricsThatThereAreAreAskedFor(String file) throws IOException {
        Set<String> exposed = Arrays.stream(Metric.values())
                .filter(metric -> metric.kind() != Metric.Kind.LATER)
                .map(Metric::exposedName)
                .collect(Collectors.toSet());
        Set<String> asked = found(DEPLOY.resolve(file), "\\b(viridian_[a-z_]+?)(?:_max|_sum|_count|_bucket)?\\b");
        assertThat(asked).isNotEmpty().isSubsetOf(exposed);
    }

    @Test
    void everyAlertHasATestInWhichItFires() throws IOException {
        Set<String> alerts = found(RULES, "- alert: (\\w+)");
        assertThat(alerts).isNotEmpty();
        assertThat(found(TESTS, "alertname: (\\w+)\\s+exp_alerts:")).isEqualTo(alerts);
    }

    @Test
    void prometheusAcceptsTheAlertsAndTheirTestsPass() throws Exception {
        Installed.require("promtool");
        promtool("check", "rules", RULES.toString());
        promtool("test", "rules", TESTS.toString());
    }

    private static void promtool(String... arguments) throws Exception {
        String[] command = new String[arguments.length + 1];
        command[0] = "promtool";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    @Test
    void theDashboardIsJsonWithAPanelForWhatMatters() throws IOException {
        Set<String> titles = new TreeSet<>();
        new ObjectMapper()
                .readTree(Files.readString(DASHBOARD))
                .path("panels")
                .forEach(panel -> titles.add(panel.path("title").asText()));
        assertThat(titles)
                .contains("State", "Writes are on", "Lag", "Gates", "Can we go back?", "Log kept for our slots");
    }

    /** A copy whose program is there, because the one that is meant is not on this machine. */
    @Test
    void systemdAcceptsTheService(@TempDir Path directory) throws Exception {
        Installed.require("systemd-analyze");
        Path unit = directory.resolve("viridian@.service");
        Files.writeString(
                unit,
                Files.readString(DEPLOY.resolve("systemd/viridian@.service"))
                        .replace("/opt/viridian/viridian ", "/bin/true ")
                        .replace("file:///opt/viridian/docs/runbook/README.md", "man:viridian(1)"));
        Process process = new ProcessBuilder("systemd-analyze", "verify", "--man=no", unit.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).doesNotContain("viridian@.service");
    }
}
