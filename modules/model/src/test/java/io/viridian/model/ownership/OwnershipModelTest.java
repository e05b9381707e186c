package io.viridian.model.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.model.CounterExample;
import io.viridian.model.Explored;
import io.viridian.model.Explorer;
import io.viridian.model.Model;
import io.viridian.model.Trace;
import io.viridian.model.Verdict;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OwnershipModelTest {
    /** A little below what was explored when the model was written: a model that lost its steps must not pass. */
    private static final int FEWEST_STATES = 390_000;

    @Test
    void theProtocolKeepsOneOwnerAndLosesNothingAndNeverGetsStuck() {
        Verdict<OwnershipState> verdict = Explored.ownership();

        assertThat(verdict).isInstanceOf(Verdict.Holds.class);
        assertThat(verdict.states()).isGreaterThan(FEWEST_STATES);
    }

    @Test
    void aRecoveryMeetsNoOtherPairsOfRowsThanItsTableHas() {
        assertThat(Explored.recoveryRows())
                .containsExactlyInAnyOrder(
                        "blue owns, green fenced, epochs equal",
                        "blue fenced, green fenced, blue's epoch is higher",
                        "blue fenced, green owns, epochs equal",
                        "blue fenced, green fenced, green's epoch is higher");
    }

    @ParameterizedTest
    @EnumSource
    void everyMistakeHasACounterExample(OwnershipMutation mistake) {
        Explored.say("ownership, " + mistake + ": " + broken(mistake));
    }

    @Nested
    class TheOrderOfFenceAndOpening {
        @Test
        void turnedRoundMakesTwoWritableSidesWhenTheLocksAreLost() {
            Verdict.Violated<OwnershipState> broken = broken(OwnershipMutation.OPEN_BEFORE_FENCE);

            assertThat(broken.property()).isEqualTo(OwnershipModel.SINGLE_OWNER);
            assertThat(broken.trace().actions())
                    .containsSubsequence(
                            "blue ends the session that holds the locks", "D1 opens the target before the fence");
        }
    }

    @Nested
    class TheBarrier {
        @Test
        void afterTheStopPositionLosesAWriteThatWasInFlight() {
            Verdict.Violated<OwnershipState> broken = broken(OwnershipMutation.STOP_POSITION_BEFORE_BARRIER);

            assertThat(broken.property()).isEqualTo(OwnershipModel.NOTHING_LOST);
            assertThat(broken.trace().actions())
                    .containsSubsequence(
                            "D1 takes the stop position too early",
                            "the client on blue commits and is answered",
                            "D1 locks the tables of the source",
                            "D1 opens the target");
            assertThatGreenIsOpenWithoutTheWriteOnBlue(broken.trace());
        }

        @Test
        void replacedByAFlagLosesAWriteThatHadPassedTheGuard() {
            Verdict.Violated<OwnershipState> broken = broken(OwnershipMutation.FLAG_WITHOUT_BARRIER);

            assertThat(broken.property()).isEqualTo(OwnershipModel.NOTHING_LOST);
            assertThat(broken.trace().actions())
                    .containsSubsequence(
                            "a client writes on blue",
                            "D1 closes the guard of the source as a flag",
                            "the client on blue commits and is answered",
                            "D1 opens the target");
            assertThatGreenIsOpenWithoutTheWriteOnBlue(broken.trace());
        }

        private static void assertThatGreenIsOpenWithoutTheWriteOnBlue(Trace<OwnershipState> trace) {
            assertThat(trace.end().green().ownership().open()).isTrue();
            assertThat(trace.end().blue().writes().committed()).isEqualTo(1);
            assertThat(trace.end().green().writes().applied()).isZero();
        }
    }

    @Nested
    class ALostAnswer {
        @Test
        void takenForANoLeavesNobodyWritable() {
            Verdict.Violated<OwnershipState> stuck = broken(OwnershipMutation.LOST_ANSWER_MEANS_NOT_COMMITTED);

            assertThat(stuck.trace().actions())
                    .containsSubsequence(
                            "D1 sends the commit point: the answer is lost",
                            "the commit in flight on blue takes effect",
                            "D1 takes the missing answer for a no");
            assertThatNobodyIsWritable(stuck);
        }

        @Test
        void resolvedByAReadThatDoesNotWaitLeavesNobodyWritable() {
            Verdict.Violated<OwnershipState> stuck = broken(OwnershipMutation.READ_WITHOUT_WAITING);

            assertThat(stuck.trace().actions())
                    .containsSubsequence(
                            "D1 sends the commit point: the answer is lost",
                            "D1 reads whether the commit point took effect",
                            "the commit in flight on blue takes effect");
            assertThatNobodyIsWritable(stuck);
        }

        @Test
        void overlookedByATakeOverThatDoesNotWaitLeavesNobodyWritable() {
            Verdict.Violated<OwnershipState> stuck = broken(OwnershipMutation.TAKE_OVER_WITHOUT_WAITING);

            assertThat(stuck.trace().actions())
                    .containsSubsequence(
                            "D1 sends the commit point: the answer is lost",
                            "D2 raises the lease on blue",
                            "D2 reads blue's row",
                            "the commit in flight on blue takes effect");
            assertThatNobodyIsWritable(stuck);
        }
    }

    @Nested
    class AReplacedDaemon {
        @Test
        void withoutAnyPredicateOpensASecondSide() {
            Verdict.Violated<OwnershipState> broken = broken(OwnershipMutation.NO_EPOCH_PREDICATE);

            assertThat(broken.property()).isEqualTo(OwnershipModel.SINGLE_OWNER);
            assertThat(broken.trace().actions()).endsWith("D1 opens the target", "D2 opens the target");
        }

        @Test
        void heldByTheOwnershipEpochAloneCannotOpenASecondSide() {
            Model<OwnershipState> model = OwnershipModel.mutated(OwnershipMutation.LEASE_NOT_CHECKED)
                    .judgedBy(OwnershipModel.SINGLE_OWNER, OwnershipModel.NOTHING_LOST);
            Model<OwnershipState> whereverItEnds = new Model<>(
                    model.name(), model.initialStates(), model.actions(), model.invariants(), state -> true);

            assertThat(Explorer.explore(whereverItEnds, Explored.MOST_STATES)).isInstanceOf(Verdict.Holds.class);
        }

        @Test
        void heldByTheOwnershipEpochAloneMakesItsSuccessorReadTwoOwners() {
            Verdict.Violated<OwnershipState> broken = broken(OwnershipMutation.LEASE_NOT_CHECKED);

            assertThat(broken.property()).isEqualTo(OwnershipModel.NO_IMPOSSIBLE_ROWS);
            assertThat(broken.trace().actions())
                    .containsSubsequence(
                            "D2 reads blue's row",
                            "D1 sends the commit point: answered",
                            "D1 opens the target",
                            "D2 reads green's row and decides");
        }

        @Test
        void withoutALeaseOnBothSidesFencesBehindItsSuccessorsBack() {
            Verdict.Violated<OwnershipState> stuck = broken(OwnershipMutation.LEASE_ON_BLUE_ONLY);

            assertThat(stuck.trace().actions())
                    .containsSubsequence("D2 reads green's row and decides", "D1 sends the commit point: answered");
            assertThatNobodyIsWritable(stuck);
        }

        @Test
        void withAChangeInItsHandAppliesItTwice() {
            Verdict.Violated<OwnershipState> broken = broken(OwnershipMutation.PROGRESS_NOT_CHECKED);

            assertThat(broken.property()).isEqualTo(OwnershipModel.NO_STALE_APPLY);
            assertThat(broken.trace().actions())
                    .endsWith("D1 commits the change on the target", "D2 commits the change on the target");
        }
    }

    @Test
    void locksOfADaemonThatIsGoneBlockEveryWriterUntilTheServerEndsItsSession() {
        Verdict.Violated<OwnershipState> stuck = broken(OwnershipMutation.LOCKS_SURVIVE_THEIR_DAEMON);

        assertThat(stuck.trace().actions()).containsSubsequence("D1 locks the tables of the source", "D1 crashes");
        assertThatNobodyIsWritable(stuck);
    }

    private static void assertThatNobodyIsWritable(Verdict.Violated<OwnershipState> stuck) {
        assertThat(stuck.property()).isEqualTo(Explorer.NO_DEADLOCK);
        assertThat(stuck.trace().end().blue().isWritable()).isFalse();
        assertThat(stuck.trace().end().green().isWritable()).isFalse();
    }

    private static Verdict.Violated<OwnershipState> broken(OwnershipMutation mistake) {
        return CounterExample.of(OwnershipCounterExamples.model(mistake), Explored.MOST_STATES);
    }
}
