package io.viridian.model.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.model.Explored;
import io.viridian.model.Explorer;
import io.viridian.model.Verdict;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CutoverModelTest {
    /** Below the smallest of what was explored when the model was written: one that lost its steps must not pass. */
    private static final int FEWEST_STATES = 35_000;

    static Stream<CutoverScope> scopes() {
        return CutoverScope.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("scopes")
    void aCutoverKeepsOneOwnerLosesNothingAndAlwaysFindsItsWayOut(CutoverScope scope) {
        Verdict<CutoverState> verdict = Explored.cutover(scope);

        assertThat(verdict).isInstanceOf(Verdict.Holds.class);
        assertThat(verdict.states()).isGreaterThan(FEWEST_STATES);
    }

    @Test
    void everyRowOfTheRecoveryTableIsMetAndNoContradiction() {
        assertThat(Explored.cutoverRows())
                .containsExactlyInAnyOrder(Stream.of(RecoveryTable.values())
                        .filter(row -> row != RecoveryTable.IMPOSSIBLE)
                        .map(RecoveryTable::words)
                        .toArray(String[]::new));
    }

    @ParameterizedTest
    @EnumSource
    void everyMistakeHasACounterExample(CutoverMutation mistake) {
        Explored.say("cutover, " + mistake + ": " + broken(mistake));
    }

    @Nested
    class TheFence {
        @Test
        void openedBeforeTheCommitPointMakesTwoWritableSidesWhenTheLocksAreLost() {
            expect(
                    CutoverMutation.OPENED_BEFORE_THE_COMMIT_POINT,
                    CutoverProperties.ONE_WRITABLE_SIDE,
                    "D1 opens the target before the commit point");
        }

        @Test
        void markedBeforeItIsLockedLosesAWriteInFlight() {
            expect(
                    CutoverMutation.STOP_POSITION_BEFORE_THE_LOCKS,
                    CutoverProperties.NOTHING_LOST,
                    "D1 writes the fence marker",
                    "the client on blue commits",
                    "D1 locks the tables of the source");
        }

        @Test
        void notDrainedLosesWhatIsOnItsWay() {
            expect(
                    CutoverMutation.NOT_DRAINED,
                    CutoverProperties.NOTHING_LOST,
                    "the client on blue commits",
                    "D1 opens the guard of the target and commits");
        }

        @Test
        void drainedByTheMarkerOfAnEarlierAttemptLosesWhatCameAfterIt() {
            expect(
                    CutoverMutation.MARKER_WITHOUT_ITS_ATTEMPT,
                    CutoverProperties.NOTHING_LOST,
                    "D1 gives the attempt up",
                    "the client on blue commits",
                    "D1 sees the fence marker come through");
        }

        @Test
        void leftToAPausedPoolerLosesAWriteWhenTheWardenResumesItBeforeTheRouteChanged() {
            expect(
                    CutoverMutation.GUARD_LEFT_TO_THE_POOLER,
                    CutoverProperties.NOTHING_LOST,
                    "D1 pauses the pooler under a warden",
                    "the warden resumes the pooler: the pause took too long",
                    "the client on blue commits",
                    "D1 opens the guard of the target and commits");
        }

        @Test
        void underAPauseThatNobodyWatchesLeavesTheClientsWaitingWhenTheDaemonIsGone() {
            Verdict.Violated<CutoverState> stuck = expect(
                    CutoverMutation.NO_WARDEN,
                    Explorer.NO_DEADLOCK,
                    "D1 pauses the pooler under a warden",
                    "D1 crashes");

            assertThat(stuck.trace().end().pooler().paused()).isTrue();
        }
    }

    @Nested
    class TheCommitPoint {
        @Test
        void sentOnAnotherSessionThanTheLocksLosesAWriteThatCameBetween() {
            expect(
                    CutoverMutation.SENT_ON_A_NEW_SESSION,
                    CutoverProperties.NOTHING_LOST,
                    "blue ends the session that holds the locks",
                    "the client on blue commits",
                    "D1 commits the hand-over on the source");
        }

        @Test
        void sentAgainBlindlyLosesAWriteThatCameBetween() {
            expect(
                    CutoverMutation.SENT_AGAIN_BLINDLY,
                    CutoverProperties.NOTHING_LOST,
                    "the hand-over in flight on blue is rolled back",
                    "the client on blue commits",
                    "D1 sends the hand-over again");
        }

        @Test
        void unansweredAndTakenForANoLeavesNobodyWritable() {
            assertThatNobodyIsWritable(expect(
                    CutoverMutation.LOST_ANSWER_MEANS_NO,
                    Explorer.NO_DEADLOCK,
                    "the hand-over in flight on blue takes effect",
                    "D1 takes the missing answer for a no"));
        }

        @Test
        void unansweredAndTakenForAYesMakesTwoWritableSides() {
            expect(
                    CutoverMutation.LOST_ANSWER_MEANS_YES,
                    CutoverProperties.ONE_WRITABLE_SIDE,
                    "D1 takes the missing answer for a yes");
        }

        @Test
        void undoneByARestartThatDoesNotReadLeavesNobodyWritable() {
            assertThatNobodyIsWritable(expect(
                    CutoverMutation.UNDONE_WITHOUT_READING,
                    Explorer.NO_DEADLOCK,
                    "D1 commits the hand-over on the source",
                    "D1 crashes",
                    "D1 takes the journal's word that nothing happened"));
        }
    }

    @Nested
    class TheOpening {
        @Test
        void withoutALookAfterAFailOverMakesTwoWritableSides() {
            expect(
                    CutoverMutation.OPENED_WITHOUT_LOOKING,
                    CutoverProperties.ONE_WRITABLE_SIDE,
                    "D1 commits the hand-over on the source",
                    "blue fails over to a standby without the hand-over",
                    "D1 opens the guard of the target and commits");
        }

        @Test
        void beforeTheLaneTurnsForgetsTheFirstWritesOfTheNewOwner() {
            expect(
                    CutoverMutation.LANE_TURNED_AFTER_THE_OPENING,
                    CutoverProperties.NOTHING_FORGOTTEN,
                    "D1 opens the guard of the target and commits",
                    "the client on green commits",
                    "D1's lane from green watches");
        }

        @Test
        void repeatedByAReplacedDaemonWithoutALockOpensASideThatHasHandedBack() {
            expect(
                    CutoverMutation.OPENING_REPEATED_WITHOUT_A_LOCK,
                    CutoverProperties.ONE_WRITABLE_SIDE,
                    "D1 takes the target's row",
                    "D2 commits the hand-over on the source",
                    "D1 opens the guard of the target and commits");
        }
    }

    @Nested
    class TheLanes {
        @Test
        void thatApplyEachOthersRowsApplyThemTwice() {
            expect(
                    CutoverMutation.ECHO_NOT_FILTERED,
                    CutoverProperties.NOTHING_TWICE,
                    "D1's lane from blue applies",
                    "D1's lane from green applies");
        }

        @Test
        void ofAReplacedDaemonApplyTwiceWhenTheyCompareNothing() {
            expect(
                    CutoverMutation.LANE_COMPARES_NOTHING,
                    CutoverProperties.NOTHING_TWICE,
                    "blue ends the connection of D1's lane from blue",
                    "D1's lane from blue applies",
                    "D2's lane from blue applies");
        }

        @Test
        void ofAStartThatReadsTheJournalTooEarlyRestOnASideThatHasHandedOver() {
            assertThatNobodyIsWritable(expect(
                    CutoverMutation.TAKE_OVER_READS_FIRST,
                    Explorer.NO_DEADLOCK,
                    "D2 reads the journal before it takes the lease",
                    "D1 commits the hand-over on the source",
                    "D1 crashes",
                    "D2 takes the lease"));
        }

        @Test
        void ofAReplacedDaemonWriteIntoTheJournalWhatItBelieves() {
            expect(
                    CutoverMutation.JOURNAL_WITHOUT_LEASE,
                    Explorer.NO_DEADLOCK,
                    "D1 writes into the journal that it is undone",
                    "D2 commits the hand-over on the source");
        }

        @Test
        void ofAReplacedDaemonForgetTheFirstWritesOfTheNewOwner() {
            expect(
                    CutoverMutation.ZOMBIE_WATCHES,
                    CutoverProperties.NOTHING_FORGOTTEN,
                    "D2 opens the guard of the target and commits",
                    "the client on green commits",
                    "D1's lane from green watches");
        }
    }

    @Nested
    class AFailOverBehindTheSwitch {
        @Test
        void leavesNobodyWritableWhenNobodyLooksAtTheRowsAgain() {
            assertThatNobodyIsWritable(expect(
                    CutoverMutation.OPENING_FORGOTTEN,
                    Explorer.NO_DEADLOCK,
                    "green fails over to a standby without the opening"));
        }
    }

    @Nested
    class ASideWithoutAGuard {
        @Test
        void isWritableBesideTheOtherOneWhenItsSessionsAreLeft() {
            expect(
                    CutoverMutation.SESSIONS_ARE_LEFT,
                    CutoverProperties.ONE_WRITABLE_SIDE,
                    "D1 commits the hand-over on the source",
                    "D1 opens the guard of the target and commits");
        }

        @Test
        void losesAWriteWhenTheCommitPointLetsItsLocksGo() {
            expect(
                    CutoverMutation.DECIDED_BY_WHO_HOLDS_THE_LOCKS,
                    CutoverProperties.NOTHING_LOST,
                    "D1 commits the hand-over on the source",
                    "the client on blue commits",
                    "D1 ends the sessions of before");
        }

        @Test
        void losesAWriteWhenItsLocksAreLostAndNothingIsDrainedAgain() {
            expect(
                    CutoverMutation.NOT_DRAINED_AGAIN,
                    CutoverProperties.NOTHING_LOST,
                    "D1 commits the hand-over on the source",
                    "blue ends the session that holds the locks",
                    "the client on blue commits",
                    "D1 opens the guard of the target and commits");
        }

        @Test
        void losesAPreparedTransactionThatOutlivedItsSession() {
            expect(
                    CutoverMutation.PREPARED_IS_NOT_WAITED_FOR,
                    CutoverProperties.NOTHING_LOST,
                    "the client on blue prepares its transaction",
                    "D1 ends the sessions of before",
                    "the client on blue commits");
        }

        @Test
        void forgetsAWriteWhenAStartBehindTheCommitPointOnlyWatchesIt() {
            expect(
                    CutoverMutation.WATCHED_WHILE_SESSIONS_ARE_LEFT,
                    CutoverProperties.NOTHING_FORGOTTEN,
                    "D1 crashes",
                    "the client on blue commits",
                    "D1's lane from blue watches");
        }
    }

    @Nested
    class ARouteThatLeadsAstray {
        @Test
        void staysSoWhenNobodyLooksAfterItBehindTheSwitch() {
            Verdict.Violated<CutoverState> stuck = expect(
                    CutoverMutation.ROUTES_LEFT_ALONE, Explorer.NO_DEADLOCK, "D1 leads the applications to the target");

            assertThat(stuck.trace()
                            .end()
                            .server(stuck.trace().end().pooler().route())
                            .guardOpen())
                    .isFalse();
        }
    }

    @Nested
    class AHandOverThatAStandbyHasNotHeardOf {
        @Test
        void costsNoMoreThanWhatIsWrittenUntilTheNextLookWhichCallsAPerson() {
            assertThat(Explored.unheard()).isInstanceOf(Verdict.Holds.class);
        }

        @Test
        void leavesTwoWritableSidesWhenNobodyLooks() {
            Verdict.Violated<CutoverState> stuck = expect(
                    CutoverMutation.FENCE_LOST_UNNOTICED,
                    Explorer.NO_DEADLOCK,
                    "blue fails over to a standby without the hand-over");

            assertThat(stuck.trace().end().blue().isWritable()).isTrue();
            assertThat(stuck.trace().end().green().isWritable()).isTrue();
        }
    }

    /** What the model demands and the daemon does not do today; the page says so. */
    @Nested
    class TheCodeOfToday {
        @Test
        void opensWhatAPromotedStandbyMayNotHaveHeardOf() {
            expect(
                    CutoverMutation.OPENED_BEFORE_A_STANDBY_HAS_IT,
                    CutoverProperties.ONE_WRITABLE_SIDE,
                    "blue fails over to a standby without the hand-over",
                    "D1 opens the guard of the target and commits");
        }

        @Test
        void isNamedByTheMutationsThatSaySo() {
            assertThat(Stream.of(CutoverMutation.values()).filter(CutoverMutation::isInTheCode))
                    .containsExactly(CutoverMutation.OPENED_BEFORE_A_STANDBY_HAS_IT);
        }
    }

    private static Verdict.Violated<CutoverState> expect(CutoverMutation mistake, String property, String... story) {
        Verdict.Violated<CutoverState> broken = broken(mistake);
        assertThat(broken.property()).isEqualTo(property);
        assertThat(broken.trace().actions()).containsSubsequence(List.of(story));
        return broken;
    }

    private static void assertThatNobodyIsWritable(Verdict.Violated<CutoverState> stuck) {
        assertThat(stuck.trace().end().blue().isWritable()).isFalse();
        assertThat(stuck.trace().end().green().isWritable()).isFalse();
    }

    private static Verdict.Violated<CutoverState> broken(CutoverMutation mistake) {
        return Explored.cutoverCounterExample(mistake);
    }
}
