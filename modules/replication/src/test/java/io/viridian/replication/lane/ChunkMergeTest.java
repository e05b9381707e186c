package io.viridian.replication.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.plan.TableName;
import io.viridian.replication.apply.Layouts;
import io.viridian.replication.merge.ChunkRange;
import io.viridian.replication.merge.ChunkWindow;
import io.viridian.replication.merge.KeySpace;
import io.viridian.replication.merge.Visibility;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The session of a chunk changes hands once: the lane takes it, or its worker keeps it. */
class ChunkMergeTest {
    private static final TableName T = TableName.parse("t");
    private final AtomicInteger folds = new AtomicInteger();
    private final ChunkWindow window = new KeySpace(List.of(Layouts.route(Layouts.keyed("t"))), 1000, Visibility.BY_XID)
            .open(ChunkRange.wholeTable(T))
            .orElseThrow();
    private final ChunkMerge merge = new ChunkMerge("nonce", window, unseen -> folds.incrementAndGet());

    @Test
    void aWorkerThatGaveUpKeepsItsSession() {
        assertThat(merge.withdraw()).isTrue();
        assertThat(merge.take()).isFalse();
    }

    @Test
    void aWorkerCannotGiveUpWhileTheLaneFolds() throws Exception {
        assertThat(merge.take()).isTrue();
        assertThat(merge.withdraw()).isFalse();
        assertThat(merge.await(Duration.ofMillis(1))).isFalse();
        merge.commit(List.of());
        assertThat(merge.await(Duration.ofMillis(1))).isTrue();
        assertThat(folds).hasValue(1);
    }

    @Test
    void whatTheFoldEndedWithReachesTheWorker() {
        merge.failed(new ChunkMerge.ReadAgain("because"));
        assertThatThrownBy(() -> merge.await(Duration.ofSeconds(1)))
                .isInstanceOf(ChunkMerge.ReadAgain.class)
                .hasMessage("because");
        ChunkMerge dying = new ChunkMerge("nonce", window, unseen -> {});
        dying.failed(new AssertionError("died"));
        assertThatThrownBy(() -> dying.await(Duration.ofSeconds(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("died");
    }

    @Test
    void aRequestThatNobodyWaitsForAnyMoreIsNotCarriedOut() throws Exception {
        Mailbox mailbox = new Mailbox();
        AtomicInteger done = new AtomicInteger();
        mailbox.post(done::incrementAndGet).cancel(false);
        java.util.concurrent.Future<Integer> awaited = mailbox.post(done::incrementAndGet);
        mailbox.read();
        assertThat(awaited.get()).isEqualTo(1);
        mailbox.close(Fault.of(FaultCode.CONFLICT, "the lane is stopped"));
        assertThat(mailbox.post(done::incrementAndGet)).isCompletedExceptionally();
    }
}
