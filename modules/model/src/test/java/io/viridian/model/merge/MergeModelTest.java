package io.viridian.model.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.model.CounterExample;
import io.viridian.model.Explored;
import io.viridian.model.Explorer;
import io.viridian.model.Trace;
import io.viridian.model.Verdict;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

class MergeModelTest {
    /** A little below what was explored when the models were written: a model that lost its steps must not pass. */
    private static final Map<String, Integer> FEWEST_STATES = Map.of(
            "three transactions, overlapping chunks, no mishap", 440_000,
            "three transactions, one chunk after the other, one mishap", 790_000,
            "two transactions, one chunk after the other, two mishaps", 670_000);

    static final Iterable<MergeScope> SCOPES = MergeScope.ALL;

    @ParameterizedTest
    @FieldSource("SCOPES")
    void theProtocolKeepsGreenEqualToAPrefixOfBlue(MergeScope scope) {
        Verdict<MergeState> verdict = Explored.merge(scope);

        assertThat(verdict).isInstanceOf(Verdict.Holds.class);
        assertThat(verdict.states()).isGreaterThan(FEWEST_STATES.get(scope.name()));
    }

    @ParameterizedTest
    @EnumSource
    void everyMistakeHasACounterExample(MergeMutation mistake) {
        Verdict.Violated<MergeState> broken = broken(mistake);

        Explored.say("merge, " + mistake + ": " + broken);
        assertThat(broken.property()).isEqualTo(MergeModel.PREFIX);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PROGRESS_AFTER_DATA")
    void everyMistakeButOneLeavesDamageThatNothingRepairs(MergeMutation mistake) {
        assertThat(lasting(mistake).property()).isIn(Explorer.NO_DEADLOCK, MergeModel.NEVER_HALTED);
    }

    @Nested
    class ComparingLogPositionsWithSnapshots {
        @Test
        void losesATransactionThatIsStreamedButNotYetVisible() {
            Trace<MergeState> trace =
                    broken(MergeMutation.LSN_READ_BEFORE_SNAPSHOT).trace();

            assertThat(trace.actions())
                    .containsSubsequence(
                            "t1 writes its commit record",
                            "low: log position read",
                            "low: snapshot taken, rows copied",
                            "low: chunk committed")
                    .doesNotContain("t1 becomes visible");
            assertThatGreenMissesThePatchOfA(trace);
        }

        @Test
        void losesATransactionThatCommitsBetweenSnapshotAndPosition() {
            Verdict.Violated<MergeState> stale = lasting(MergeMutation.LSN_READ_AFTER_SNAPSHOT);

            assertThat(stale.property()).isEqualTo(Explorer.NO_DEADLOCK);
            assertThat(stale.trace().actions())
                    .containsSubsequence(
                            "low: snapshot taken, rows copied",
                            "t2 becomes visible",
                            "low: log position read",
                            "low: chunk committed");
            assertThatGreenMissesThePatchOfA(
                    broken(MergeMutation.LSN_READ_AFTER_SNAPSHOT).trace());
        }
    }

    @Nested
    class TheWindow {
        @Test
        void withoutItsSeedMissesATransactionReceivedBeforeItOpened() {
            Trace<MergeState> trace = broken(MergeMutation.WINDOW_NOT_SEEDED).trace();

            assertThat(trace.actions())
                    .containsSubsequence("receiver passes t1", "low: window opens", "low: snapshot taken, rows copied")
                    .doesNotContain("t1 becomes visible");
            assertThatGreenMissesThePatchOfA(trace);
        }

        @Test
        void openedAfterTheSnapshotMissesATransactionEvictedInBetween() {
            Trace<MergeState> trace =
                    broken(MergeMutation.WINDOW_AFTER_SNAPSHOT).trace();

            assertThat(trace.actions())
                    .containsSubsequence(
                            "low: snapshot taken, rows copied",
                            "t1 becomes visible",
                            "a snapshot evicts what it sees from U",
                            "low: window opens");
            assertThatGreenMissesThePatchOfA(trace);
        }
    }

    @Nested
    class TheMarker {
        @Test
        void notAwaitedLetsGreenShowTheFuture() {
            Trace<MergeState> trace = broken(MergeMutation.FOLD_WITHOUT_MARKER).trace();

            assertThat(trace.actions()).contains("t1 becomes visible").doesNotContain("receiver passes t1");
            assertThat(trace.end().green().progress()).isZero();
            assertThat(trace.end().green().table().row(Key.A)).isEqualTo(new Row(2, 'x'));
        }

        @Test
        void notAwaitedLeavesAPartialImageWithoutARowToComplete() {
            Verdict.Violated<MergeState> stuck = lasting(MergeMutation.FOLD_WITHOUT_MARKER);

            assertThat(stuck.property()).isEqualTo(MergeModel.NEVER_HALTED);
            assertThat(stuck.trace().actions()).endsWith("low: chunk committed", "lane applies t1");
        }

        @Test
        void endsTheFoldEvenIfTheReceiverIsFurther() {
            assertThat(broken(MergeMutation.FOLD_BEYOND_MARKER).trace().actions())
                    .containsSubsequence(
                            "low: marker written",
                            "t1 writes its commit record",
                            "receiver passes t1",
                            "low: chunk committed");
        }

        @Test
        void stopsTheLaneUntilTheChunkIsCommitted() {
            Trace<MergeState> trace = broken(MergeMutation.LANE_PASSES_MARKER).trace();

            assertThat(trace.actions())
                    .containsSubsequence("lane passes mark-low", "lane leaves out t1", "low: chunk committed");
            assertThatGreenMissesThePatchOfA(trace);
        }

        @Test
        void ofAnEarlierAttemptDoesNotEndThisOne() {
            assertThat(broken(MergeMutation.MARKER_WITHOUT_ATTEMPT).trace().actions())
                    .containsSubsequence(
                            "low: marker written", "low: attempt fails", "low: marker written", "low: chunk committed");
        }
    }

    @Nested
    class TheSlot {
        @Test
        void confirmedPastTheUnsettledSetForgetsThemInACrash() {
            Trace<MergeState> trace =
                    broken(MergeMutation.CONFIRM_BEYOND_UNSETTLED).trace();

            assertThat(trace.actions())
                    .containsSubsequence(
                            "lane leaves out t1",
                            "the slot is confirmed",
                            "the daemon dies and restarts",
                            "low: chunk committed")
                    .doesNotContain("t1 becomes visible");
            assertThatGreenMissesThePatchOfA(trace);
        }

        @Test
        void confirmedByARestartedDaemonThatHasReceivedNothingForgetsThemInTheNextCrash() {
            assertThat(broken(MergeMutation.CONFIRM_BEFORE_RECEIVED).trace().actions())
                    .containsSubsequence(
                            "receiver passes t1",
                            "the daemon dies and restarts",
                            "the slot is confirmed",
                            "the daemon dies and restarts",
                            "low: chunk committed");
        }

        @Test
        void notAskedForWhatTheProgressRowCoversForgetsThemAtOnce() {
            assertThat(broken(MergeMutation.RESTREAM_FROM_PROGRESS).trace().actions())
                    .containsOnlyOnce("receiver passes t1")
                    .containsSubsequence("lane leaves out t1", "the daemon dies and restarts", "low: chunk committed");
        }
    }

    @Nested
    class Progress {
        @Test
        void committedAfterTheRowsIsARowNobodyCanTrustUntilItIsThere() {
            Trace<MergeState> trace = broken(MergeMutation.PROGRESS_AFTER_DATA).trace();

            assertThat(trace.actions()).endsWith("lane applies t1");
            assertThat(trace.end().green().table().row(Key.A).small()).isEqualTo(2);
            assertThat(trace.end().green().progress())
                    .isEqualTo(trace.end().daemon().applied());
        }

        @Test
        void committedAfterTheRowsIsRepairedByApplyingThemAgain() {
            assertThat(Explorer.explore(
                            MergeModel.mutated(MergeMutation.PROGRESS_AFTER_DATA)
                                    .judgedBy(MergeModel.NEVER_HALTED),
                            Explored.MOST_STATES))
                    .isInstanceOf(Verdict.Holds.class);
        }

        @Test
        void committedBeforeTheRowsLosesThemInACrash() {
            Verdict.Violated<MergeState> lost = lasting(MergeMutation.PROGRESS_BEFORE_DATA);

            assertThat(lost.property()).isEqualTo(Explorer.NO_DEADLOCK);
            assertThat(lost.trace().actions()).containsSubsequence("lane applies t2", "the daemon dies and restarts");
            assertThat(lost.trace().end().green().table().row(Key.A)).isNotEqualTo(Row.ABSENT);
        }

        @Test
        void notCarriedByTheChunkLetsARestartReplayThePastOverIt() {
            Verdict.Violated<MergeState> stuck = lasting(MergeMutation.MERGE_LEAVES_PROGRESS);

            assertThat(stuck.property()).isEqualTo(MergeModel.NEVER_HALTED);
            assertThat(stuck.trace().actions())
                    .containsSubsequence(
                            "lane leaves out t1",
                            "low: chunk committed",
                            "the daemon dies and restarts",
                            "lane applies t1");
        }
    }

    @Test
    void aChunkCommittedBehindARestartedDaemonsBackMissesWhatThatLeftOut() {
        Trace<MergeState> trace = broken(MergeMutation.RESTART_WITHOUT_WAITING).trace();

        assertThat(trace.actions())
                .containsSubsequence(
                        "low: the daemon dies with its commit in flight and restarts",
                        "lane leaves out t1",
                        "the commit in flight takes effect");
        assertThatGreenMissesThePatchOfA(trace);
    }

    @Test
    void aChunkOfAReplacedDaemonMissesWhatItsSuccessorLeftOut() {
        Trace<MergeState> trace = broken(MergeMutation.MERGE_WITHOUT_EPOCH).trace();

        assertThat(trace.actions())
                .containsSubsequence(
                        "low: paused before its commit; another daemon takes over",
                        "lane leaves out t1",
                        "the replaced daemon wakes up and sends its commit");
        assertThatGreenMissesThePatchOfA(trace);
    }

    private static void assertThatGreenMissesThePatchOfA(Trace<MergeState> trace) {
        MergeState end = trace.end();
        Table prefix = end.blue().prefix(end.history(), end.green().progress());
        assertThat(prefix.row(Key.A)).isEqualTo(new Row(2, 'x'));
        assertThat(end.green().table().row(Key.A)).isEqualTo(new Row(1, 'x'));
    }

    private static Verdict.Violated<MergeState> broken(MergeMutation mistake) {
        return CounterExample.of(MergeModel.mutated(mistake), Explored.MOST_STATES);
    }

    /** Damage that no later step repairs. */
    private static Verdict.Violated<MergeState> lasting(MergeMutation mistake) {
        return CounterExample.of(MergeModel.mutated(mistake).judgedBy(MergeModel.NEVER_HALTED), Explored.MOST_STATES);
    }
}
