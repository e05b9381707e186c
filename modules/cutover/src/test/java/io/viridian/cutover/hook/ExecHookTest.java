package io.viridian.cutover.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.cutover.hook.HookVerdict.Outcome;
import io.viridian.testkit.Await;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
final class ExecHookTest {
    static final HookSubject SUBJECT = new HookSubject(
            "shop-v2",
            "smoke",
            "before FENCE",
            "cutover",
            "7f",
            "postgresql://b:5432/shop",
            "postgresql://g:5432/shop");

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static HookVerdict shell(String script, Duration timeout) throws InterruptedException {
        return new ExecHook(List.of("sh", "-c", script)).ask(SUBJECT, timeout);
    }

    @Test
    void theCommandLearnsWhatItIsAboutAndNoSecret() throws InterruptedException {
        HookVerdict told = shell("env | grep ^VIRIDIAN_ | sort", PATIENCE);

        assertThat(told.outcome()).isEqualTo(Outcome.PASSED);
        assertThat(told.said())
                .isEqualTo("VIRIDIAN_ATTEMPT=7f VIRIDIAN_BLUE=postgresql://b:5432/shop VIRIDIAN_DIRECTION=cutover"
                        + " VIRIDIAN_GREEN=postgresql://g:5432/shop VIRIDIAN_HOOK=smoke VIRIDIAN_MIGRATION=shop-v2"
                        + " VIRIDIAN_MOMENT=before FENCE");
    }

    @ParameterizedTest
    @CsvSource({"0,PASSED", "1,REFUSED", "42,REFUSED", "75,UNKNOWN"})
    void theExitCodeIsTheAnswer(int code, Outcome outcome) throws InterruptedException {
        HookVerdict verdict = shell("echo because; exit " + code, PATIENCE);

        assertThat(verdict.outcome()).isEqualTo(outcome);
        assertThat(verdict.said()).contains("because");
    }

    @Test
    void whatHangsIsKilledWithItsChildrenAndNobodyKnows() throws InterruptedException {
        HookVerdict late = shell("sleep 1000 & echo $!; wait", Duration.ofMillis(300));

        assertThat(late.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(late.said()).startsWith("did not end within 300 ms and was killed");
        long child = Long.parseLong(late.said().replaceFirst(".*said: ", ""));
        Await.until(
                "the child is gone",
                PATIENCE,
                () -> !ProcessHandle.of(child).map(ProcessHandle::isAlive).orElse(false));
    }

    @Test
    void whatCannotBeStartedIsNotKnown() throws InterruptedException {
        HookVerdict verdict = new ExecHook(List.of("/nowhere/hook.sh")).ask(SUBJECT, PATIENCE);

        assertThat(verdict.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(verdict.said()).contains("could not be started", "/nowhere/hook.sh");
    }

    @Test
    void ofALongOutputOnlyTheBeginningIsShown() throws InterruptedException {
        assertThat(shell("yes | head -c 3000000", PATIENCE).said()).hasSize(301).endsWith("…");
    }
}
