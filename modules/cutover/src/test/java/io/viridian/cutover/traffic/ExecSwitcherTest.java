package io.viridian.cutover.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
final class ExecSwitcherTest {
    @TempDir
    private Path directory;

    private static ExecSwitcher shell(String script, Duration timeout) {
        return new ExecSwitcher(
                List.of("sh", "-c", script), timeout, side -> "postgresql://" + side.text() + ":5432/shop");
    }

    @Test
    void theCommandLearnsTheNewOwnerAndItsAddress() throws Exception {
        Path seen = directory.resolve("seen");
        ExecSwitcher switcher = shell("echo $VIRIDIAN_OWNER $VIRIDIAN_URL > " + seen, Duration.ofSeconds(5));
        assertThat(switcher.probe(Side.GREEN))
                .as("nothing tried, but it could be")
                .isTrue();
        switcher.perform(Side.GREEN);
        assertThat(Files.readString(seen)).isEqualTo("green postgresql://green:5432/shop\n");
        assertThat(switcher.probe(Side.GREEN)).isTrue();
        assertThat(switcher.probe(Side.BLUE)).isFalse();
    }

    @Test
    void aCommandThatFailsIsToldWithWhatItSaid() {
        ExecSwitcher switcher = shell("echo no such backend; exit 3", Duration.ofSeconds(5));
        assertThatThrownBy(() -> switcher.perform(Side.GREEN))
                .hasMessageContaining("TRAFFIC_FAILED")
                .hasMessageContaining("exit code 3")
                .hasMessageContaining("no such backend");
        assertThat(switcher.probe(Side.GREEN)).isFalse();
    }

    @Test
    void aCommandThatHangsIsKilledWithItsChildren() throws InterruptedException {
        ExecSwitcher switcher = shell("sleep 1000 & echo $!; wait", Duration.ofMillis(300));
        assertThatThrownBy(() -> switcher.perform(Side.GREEN)).hasMessageContaining("did not end in time");
        long child = Long.parseLong(switcher.output().strip());
        Await.until(
                "the child is gone",
                Duration.ofSeconds(10),
                () -> !ProcessHandle.of(child).map(ProcessHandle::isAlive).orElse(false));
    }

    @Test
    void onlyTheBeginningOfALongOutputIsKeptAndTheCommandNeverWaitsForUs() throws Exception {
        ExecSwitcher switcher = shell("yes | head -c 3000000", Duration.ofSeconds(10));
        switcher.perform(Side.GREEN);
        assertThat(switcher.output()).hasSize(Command.OUTPUT_BYTES_MAX);
    }

    @Test
    void aCommandThatDoesNotExistIsSeenBeforeItIsNeeded() {
        ExecSwitcher switcher =
                new ExecSwitcher(List.of("/nowhere/switch.sh"), Duration.ofSeconds(5), side -> side.text());
        assertThat(switcher.probe(Side.BLUE)).isFalse();
        assertThatThrownBy(() -> switcher.perform(Side.GREEN)).hasMessageContaining("/nowhere/switch.sh");
    }
}
