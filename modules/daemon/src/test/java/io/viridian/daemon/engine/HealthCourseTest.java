package io.viridian.daemon.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.cutover.hook.HookVerdict;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class HealthCourseTest {
    private static final HookVerdict YES = HookVerdict.passed("0.001");
    private static final HookVerdict NO = HookVerdict.refused("0.5");
    private static final HookVerdict NOTHING = HookVerdict.unknown("no data");

    private static HealthCourse after(HookVerdict... answers) {
        return Stream.of(answers)
                .reduce(
                        HealthCourse.begun(Instant.EPOCH),
                        (course, answer) -> course.after(answer, Instant.EPOCH),
                        (_, later) -> later);
    }

    @Test
    void failingAnswersAreCountedInARow() {
        assertThat(after(NO, NO).failures()).isEqualTo(2);
        assertThat(after(NO, NO, YES).failures()).isZero();
        assertThat(after(NO, NO, YES, NO).failures()).isEqualTo(1);
    }

    @Test
    void anAnswerThatSaysNothingNeitherCountsNorBeginsAnew() {
        HealthCourse held = after(NO, NOTHING, NOTHING, NO);
        assertThat(held.failures()).isEqualTo(2);
        assertThat(held.inconclusive()).isEqualTo(2);
        assertThat(after(NOTHING, NOTHING, NOTHING).failures()).isZero();
        assertThat(after(NO, NOTHING).failing())
                .as("it is not what was said last")
                .isFalse();
        assertThat(after(YES, NOTHING).verdict()).isEqualTo("inconclusive");
    }

    @Test
    void aVerdictKnowsSinceWhenItHolds() {
        HealthCourse course = HealthCourse.begun(Instant.EPOCH)
                .after(YES, Instant.EPOCH.plusSeconds(1))
                .after(YES, Instant.EPOCH.plusSeconds(2));
        assertThat(course.since()).isEqualTo(Instant.EPOCH.plusSeconds(1));
        assertThat(course.after(NO, Instant.EPOCH.plusSeconds(3)).since()).isEqualTo(Instant.EPOCH.plusSeconds(3));
    }
}
