package io.viridian.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.migration.Journal;
import io.viridian.migration.MigrationState;
import io.viridian.migration.SwitchAttempt;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every journal promises; runs on the real one and on its twin. */
@Timeout(60)
abstract class JournalContract {
    private Journal one;
    private Journal other;

    /** A fresh, empty journal. */
    abstract void createJournal() throws Exception;

    /** The journal as a daemon of that name sees it. */
    abstract Journal openedBy(String daemon);

    @BeforeEach
    void openTwice() throws Exception {
        createJournal();
        one = openedBy("one");
        other = openedBy("other");
    }

    @Test
    void isEmptyBeforeTheFirstEntry() {
        assertThat(one.last()).isEmpty();
        assertThat(one.history(10)).isEmpty();
    }

    @Test
    void countsEntriesFromOneAndAnswersTheLast() {
        Journal.Entry first = one.append(0, new MigrationState.Preparing());
        Journal.Entry second = one.append(1, new MigrationState.Backfilling());
        assertThat(first.sequence()).isEqualTo(1);
        assertThat(second.sequence()).isEqualTo(2);
        assertThat(second.daemon()).isEqualTo("one");
        assertThat(other.last()).contains(second);
    }

    @Test
    void givesBackAStateWithAllItsData() {
        MigrationState state = new MigrationState.Switched(new SwitchAttempt("n", 3, "op"));
        one.append(0, state);
        assertThat(other.last()).map(Journal.Entry::state).contains(state);
    }

    @Test
    void tellsTheNewestFirstAndNoMoreThanAskedFor() {
        one.append(0, new MigrationState.Preparing());
        one.append(1, new MigrationState.Backfilling());
        one.append(2, new MigrationState.CatchingUp());
        assertThat(one.history(2)).extracting(Journal.Entry::sequence).containsExactly(3L, 2L);
    }

    @Test
    void refusesADaemonWhoseLastEntryIsNoLongerTheLast() {
        one.append(0, new MigrationState.Preparing());
        other.append(1, new MigrationState.Backfilling());
        assertConflict(() -> one.append(1, new MigrationState.Aborting()));
        assertConflict(() -> one.append(0, new MigrationState.Preparing().prepared()));
        assertThat(one.last()).map(Journal.Entry::daemon).contains("other");
    }

    @Test
    void refusesTheSameStateFromAnotherDaemonToo() {
        one.append(0, new MigrationState.Preparing());
        assertConflict(() -> other.append(0, new MigrationState.Preparing()));
    }

    @Test
    void answersTheSameEntryWhenTheSameDaemonAsksAgain() {
        Journal.Entry written = one.append(0, new MigrationState.Preparing());
        assertThat(one.append(0, new MigrationState.Preparing())).isEqualTo(written);
        assertThat(one.history(10)).containsExactly(written);
    }

    @Test
    void refusesToLeaveAGap() {
        assertConflict(() -> one.append(4, new MigrationState.Preparing()));
        assertThat(one.last()).isEmpty();
    }

    @Test
    void letsExactlyOneOfTwoDaemonsWinARace() throws Exception {
        for (int round = 0; round < 20; round++) {
            long after = round;
            CyclicBarrier start = new CyclicBarrier(2);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Boolean>> attempts = List.of(
                        threads.submit(attempt(one, after, start)), threads.submit(attempt(other, after, start)));
                assertThat(List.of(attempts.get(0).get(), attempts.get(1).get()))
                        .containsExactlyInAnyOrder(true, false);
            }
        }
        assertThat(one.last()).map(Journal.Entry::sequence).contains(20L);
    }

    private static Callable<Boolean> attempt(Journal journal, long after, CyclicBarrier start) {
        return () -> {
            start.await();
            try {
                journal.append(after, new MigrationState.Ready());
                return true;
            } catch (FaultException lost) {
                return false;
            }
        };
    }

    private static void assertConflict(Runnable append) {
        assertThatThrownBy(append::run)
                .isInstanceOfSatisfying(
                        FaultException.class,
                        failure -> assertThat(failure.code()).isEqualTo(FaultCode.CONFLICT));
    }
}
