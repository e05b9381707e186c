package io.viridian.model.canary;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.model.CounterExample;
import io.viridian.model.Explored;
import io.viridian.model.Verdict;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CanaryModelTest {
    /** Below the smallest of what was explored when the model was written: one that lost its steps must not pass. */
    private static final int FEWEST_STATES = 20_000;

    static Stream<CanaryScope> scopes() {
        return CanaryScope.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("scopes")
    void twoWritableSidesEndUpEqualAndKeepEveryConflictOnce(CanaryScope scope) {
        Verdict<CanaryState> verdict = Explored.canary(scope);

        assertThat(verdict).isInstanceOf(Verdict.Holds.class);
        assertThat(verdict.states()).isGreaterThan(FEWEST_STATES);
    }

    @ParameterizedTest
    @EnumSource
    void everyMistakeHasACounterExample(CanaryMutation mistake) {
        Explored.say("both sides written, " + mistake + ": " + broken(mistake));
    }

    @Test
    void aLaneThatForgetsTheTagStandsBeforeWhatALaneHasWritten() {
        expect(CanaryMutation.TAG_FORGOTTEN, CanaryProperties.GOES_ON);
    }

    @Test
    void aSettlementWithoutATagComesBackToTheSideWhoseRowStayed() {
        expect(CanaryMutation.SETTLED_WITHOUT_A_TAG, CanaryProperties.NO_ECHO);
    }

    @Test
    void sidesOnWhichTheLastToArriveWinsSwapTheirRows() {
        expect(CanaryMutation.LAST_TO_ARRIVE_WINS, CanaryProperties.CONVERGED);
    }

    @Test
    void whatTheOtherStreamHasNotBroughtYetIsMissed() {
        expect(CanaryMutation.READ_SO_FAR, CanaryProperties.SEEN);
    }

    @Test
    void aWriteBetweenTheLookAndTheLockIsMissed() {
        expect(
                CanaryMutation.LOOKED_BEFORE_IT_WROTE,
                CanaryProperties.CONVERGED,
                "asks what is under way before it writes",
                "commits",
                "writes and commits what it has asked for");
    }

    @Test
    void aWindowThatCountsAsNotAppliedIsSettledAgainstAWriteThatHadSeenIt() {
        expect(
                CanaryMutation.LOST_ANSWER_MEANS_NO,
                CanaryProperties.KEPT_ONCE,
                "commits, and the answer is lost",
                "learns that the row is contested");
    }

    @Test
    void aWriteOnTheSideThatWasNotLockedIsLedToARowThatHasItAlready() {
        expect(CanaryMutation.LOCKED_WHERE_IT_GOES, CanaryProperties.SEEN, "locks the table on both sides", "commits");
    }

    @Test
    void aWriteBetweenThePositionsAndTheLocksLeavesTheSidesDifferent() {
        expect(
                CanaryMutation.MARKED_BEFORE_THE_LOCKS,
                CanaryProperties.CONVERGED,
                "takes its positions before the locks",
                "commits",
                "locks the table on both sides");
    }

    @Test
    void aConflictThatIsKeptBeforeTheRowIsEqualLeavesTheSidesDifferent() {
        expect(
                CanaryMutation.KEPT_BEFORE_IT_IS_EQUAL,
                CanaryProperties.CONVERGED,
                "keeps the conflict, and the daemon dies");
    }

    @Test
    void aStartThatDoesNotAskSettlesAgain() {
        expect(CanaryMutation.SETTLED_FROM_MEMORY, CanaryProperties.KEPT_ONCE, "the daemon dies");
    }

    @Test
    void aSettlementWhoseCommitWasNotWaitedForIsSettledAgain() {
        expect(
                CanaryMutation.ASKED_AT_ONCE,
                CanaryProperties.KEPT_ONCE,
                "the answer is lost",
                "the daemon asks both sides what was settled",
                "takes effect");
    }

    /** The steps of the story, each by how its name ends. */
    private static void expect(CanaryMutation mistake, String property, String... story) {
        Verdict.Violated<CanaryState> broken = broken(mistake);
        assertThat(broken.property()).isEqualTo(property);
        int next = 0;
        for (String action : broken.trace().actions()) {
            if (next < story.length && action.endsWith(story[next])) {
                next++;
            }
        }
        assertThat(List.of(story).subList(next, story.length))
                .as("what is missing in " + broken.trace().summary())
                .isEmpty();
    }

    private static Verdict.Violated<CanaryState> broken(CanaryMutation mistake) {
        return CounterExample.of(CanaryCounterExamples.model(mistake), Explored.MOST_STATES);
    }
}
