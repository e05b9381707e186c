package io.viridian.replication.merge;

import static io.viridian.feed.Tuple.UNCHANGED;
import static io.viridian.replication.apply.Layouts.delete;
import static io.viridian.replication.apply.Layouts.insert;
import static io.viridian.replication.apply.Layouts.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.feed.Snapshot;
import io.viridian.plan.TableName;
import io.viridian.position.Lsn;
import io.viridian.replication.apply.Layouts;
import io.viridian.replication.apply.RowChange;
import io.viridian.replication.apply.SourceLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Which change goes where while tables are being copied. The table {@code t} has chunks [.., 100), [100, 200), [200,
 * ..).
 */
class KeySpaceTest {
    private static final TableName T = TableName.parse("t");
    private static final TableName WHOLE = TableName.parse("w");
    private static final ChunkRange LOW = range(0, null, 100);
    private static final ChunkRange MIDDLE = range(1, 100, 200);
    private static final ChunkRange HIGH = range(2, 200, null);

    private final SourceLayout layout = Layouts.keyed("t");
    private final SourceLayout whole = Layouts.named("w");
    private final KeySpace space =
            new KeySpace(List.of(Layouts.route(layout), Layouts.route(whole)), 1000, Visibility.BY_XID);
    private final List<RowChange> applied = new ArrayList<>();
    private long position;

    private static ChunkRange range(int number, @Nullable Integer low, @Nullable Integer high) {
        return new ChunkRange(
                T,
                number,
                Optional.ofNullable(low).map(Layouts::key),
                Optional.ofNullable(high).map(Layouts::key),
                false);
    }

    /** A snapshot in which just these transactions still run. */
    private static Snapshot all(long... running) {
        return new Snapshot(
                1, 1000, new HashSet<>(Arrays.stream(running).boxed().toList()));
    }

    private void transaction(long xid, RowChange... changes) {
        space.begin(xid, new Lsn(++position));
        for (RowChange change : changes) {
            space.route(change, applied::add);
        }
        space.end();
    }

    private ChunkWindow open(ChunkRange range) {
        return space.open(range).orElseThrow();
    }

    private static List<String> folded(ChunkWindow window) {
        return window.fold().stream()
                .map(change -> change.getClass().getSimpleName() + change.key())
                .toList();
    }

    private List<String> appliedNow() {
        List<String> seen = applied.stream()
                .map(change -> change.getClass().getSimpleName() + change.key())
                .toList();
        applied.clear();
        return seen;
    }

    @Test
    void changesOfCopiedSpaceAreAppliedAndThoseAheadAreNot() {
        space.copied(LOW);
        transaction(10, insert(layout, 5, 1, "a"), insert(layout, 150, 1, "b"), insert(layout, 250, 1, "c"));
        assertThat(appliedNow()).containsExactly("Insert[5]");
        assertThat(space.unsettledTransactions()).isEqualTo(1);
    }

    @Test
    void aWindowHearsOfItsOwnRangeOnly() {
        ChunkWindow low = open(LOW);
        ChunkWindow high = open(HIGH);
        transaction(
                10,
                insert(layout, -5, 1, "a"),
                insert(layout, 99, 1, "a"),
                insert(layout, 100, 1, "b"),
                insert(layout, 199, 1, "b"),
                insert(layout, 200, 1, "c"));
        assertThat(folded(low)).containsExactly("Insert[-5]", "Insert[99]");
        assertThat(folded(high)).containsExactly("Insert[200]");
        assertThat(appliedNow()).isEmpty();
    }

    @Test
    void aWindowIsSeededWithWhatIsNotYetProvenVisible() {
        transaction(10, insert(layout, 150, 1, "settled"));
        transaction(11, insert(layout, 151, 1, "in doubt"), insert(layout, 250, 1, "elsewhere"));
        space.settle(all(11));
        ChunkWindow middle = open(MIDDLE);
        assertThat(folded(middle)).containsExactly("Insert[151]");
        transaction(12, update(layout, 151, 151, 2, "later"));
        assertThat(folded(middle)).containsExactly("Insert[151]", "Update[151]");
    }

    @Test
    void whatTheSnapshotSeesIsPartOfTheChunk() {
        ChunkWindow middle = open(MIDDLE);
        transaction(10, insert(layout, 150, 1, "seen"));
        transaction(11, insert(layout, 151, 1, "not seen"));
        middle.readIn(all(11, 13));
        transaction(12, insert(layout, 152, 1, "seen too, streamed later"));
        transaction(13, insert(layout, 153, 1, "not seen"));
        assertThat(folded(middle)).containsExactly("Insert[151]", "Insert[153]");
    }

    @Test
    void settledTransactionsAreForgottenAndTheOldestOfTheRestIsKnown() {
        transaction(10, insert(layout, 150, 1, "a"));
        transaction(11, insert(layout, 151, 1, "a"));
        transaction(12, insert(layout, 152, 1, "a"));
        assertThat(space.oldestUnsettled()).contains(new Lsn(1));
        space.settle(all(11));
        assertThat(space.oldestUnsettled()).contains(new Lsn(2));
        assertThat(space.unsettledTransactions()).isEqualTo(1);
        space.settle(all());
        assertThat(space.oldestUnsettled()).isEmpty();
    }

    @Test
    void transactionsThatConcernCopiedSpaceOnlyNeedNoProof() {
        space.copied(LOW);
        transaction(10, insert(layout, 5, 1, "a"));
        transaction(11);
        assertThat(space.oldestUnsettled()).isEmpty();
    }

    @Test
    void noWindowOpensWhileATransactionTooLargeToRememberIsInDoubt() {
        transaction(
                10,
                Stream.iterate(0, i -> i + 1)
                        .limit(20)
                        .map(i -> insert(layout, i, 1, "x".repeat(100)))
                        .toArray(RowChange[]::new));
        assertThat(space.open(LOW)).isEmpty();
        assertThat(space.oldestUnsettled()).contains(new Lsn(1));
        space.settle(all(10));
        assertThat(space.open(LOW)).isEmpty();
        space.settle(all());
        assertThat(space.open(LOW)).isPresent();
    }

    @Test
    void aForgottenTransactionLeavesRoomForOthers() {
        transaction(
                10,
                Stream.iterate(0, i -> i + 1)
                        .limit(20)
                        .map(i -> insert(layout, i, 1, "x".repeat(100)))
                        .toArray(RowChange[]::new));
        transaction(11, insert(layout, 150, 1, "small"));
        space.settle(all(11));
        assertThat(folded(open(MIDDLE))).containsExactly("Insert[150]");
    }

    @Test
    void aWindowThatOverflowsIsReadAgain() {
        ChunkWindow low = open(LOW);
        for (int xid = 10; xid < 30; xid++) {
            transaction(xid, update(layout, 1, 1, xid, "x".repeat(100)));
            space.settle(all());
        }
        assertThat(low.mustBeReadAgain())
                .hasValueSatisfying(why -> assertThat(why).contains("more changed"));
        assertThat(low.fold()).isEmpty();
    }

    @Test
    void aKeyChangeWithinAWindowStaysOneChange() {
        ChunkWindow middle = open(MIDDLE);
        transaction(10, update(layout, 150, 160, 1, UNCHANGED));
        assertThat(folded(middle)).containsExactly("Update[160]");
        assertThat(middle.mustBeReadAgain()).isEmpty();
    }

    @Test
    void aKeyChangeFromOneWindowToAnotherIsDeleteAndInsert() {
        ChunkWindow low = open(LOW);
        ChunkWindow high = open(HIGH);
        transaction(10, update(layout, 50, 250, 1, "carried"));
        assertThat(folded(low)).containsExactly("Delete[50]");
        assertThat(folded(high)).containsExactly("Insert[250]");
        assertThat(high.mustBeReadAgain()).isEmpty();
    }

    @Test
    void aRowThatComesIntoAWindowWithoutItsLargeValueMakesItReadAgain() {
        ChunkWindow high = open(HIGH);
        transaction(10, update(layout, 50, 250, 1, UNCHANGED));
        assertThat(high.mustBeReadAgain())
                .hasValueSatisfying(why -> assertThat(why).contains("without its large values"));
        high.readIn(all());
        assertThat(high.mustBeReadAgain())
                .as("the snapshot has the row with its value")
                .isEmpty();
    }

    @Test
    void aRowThatMovesFromCopiedSpaceAheadIsDeletedNow() {
        space.copied(LOW);
        transaction(10, update(layout, 50, 150, 1, UNCHANGED));
        assertThat(appliedNow()).containsExactly("Delete[50]");
        ChunkWindow middle = open(MIDDLE);
        assertThat(folded(middle)).containsExactly("Insert[150]");
        assertThat(middle.mustBeReadAgain()).isPresent();
    }

    @Test
    void aRowThatMovesFromAheadIntoCopiedSpaceIsInsertedNow() {
        space.copied(LOW);
        transaction(10, update(layout, 150, 50, 1, "carried"));
        assertThat(appliedNow()).containsExactly("Insert[50]");
        assertThat(folded(open(MIDDLE))).containsExactly("Delete[150]");
    }

    @Test
    void aRowThatMovesIntoCopiedSpaceWithoutItsLargeValueIsAskedFor() {
        space.copied(LOW);
        space.begin(10, new Lsn(1));
        assertThatThrownBy(() -> space.route(update(layout, 150, 50, 1, UNCHANGED), applied::add))
                .isInstanceOfSatisfying(
                        KeySpace.MovedWithoutValues.class,
                        moved -> assertThat(moved.update().key()).containsExactly("50"));
        space.end();
        assertThat(folded(open(MIDDLE))).as("its old place is empty").containsExactly("Delete[150]");
    }

    @Test
    void aRowThatMovesWithinCopiedSpaceIsAnUpdate() {
        space.copied(LOW);
        space.copied(HIGH);
        transaction(10, update(layout, 50, 250, 1, UNCHANGED));
        assertThat(appliedNow()).containsExactly("Update[250]");
    }

    @Test
    void aTruncateIsAppliedAndMakesEveryOpenChunkReadAgain() {
        space.copied(LOW);
        ChunkWindow middle = open(MIDDLE);
        transaction(10, new RowChange.Truncate(layout));
        assertThat(appliedNow()).containsExactly("Truncate[]");
        assertThat(middle.mustBeReadAgain())
                .hasValueSatisfying(why -> assertThat(why).contains("truncated"));
        ChunkWindow high = open(HIGH);
        assertThat(high.mustBeReadAgain())
                .as("the truncate may not be visible to it")
                .isPresent();
        high.readIn(all());
        assertThat(high.mustBeReadAgain()).isEmpty();
    }

    @Test
    void aTruncateBeforeAnythingIsCopiedIsOnlyRemembered() {
        ChunkWindow all = open(ChunkRange.wholeTable(WHOLE));
        transaction(10, new RowChange.Truncate(whole));
        assertThat(appliedNow()).as("rows on the target may be newer").isEmpty();
        assertThat(all.mustBeReadAgain()).isPresent();
        space.copied(ChunkRange.wholeTable(WHOLE));
        transaction(11, new RowChange.Truncate(whole));
        assertThat(appliedNow()).containsExactly("Truncate[]");
    }

    @Test
    void aTableCopiedWholeIsOneWindowForAllKeys() {
        ChunkWindow all = open(ChunkRange.wholeTable(WHOLE));
        transaction(
                10, insert(whole, "zebra", 1, "a"), update(whole, "ant", "bee", 1, UNCHANGED), delete(whole, "cat"));
        assertThat(folded(all)).containsExactly("Insert[zebra]", "Update[bee]", "Delete[cat]");
        space.copied(ChunkRange.wholeTable(WHOLE));
        transaction(11, insert(whole, "yak", 1, "a"));
        assertThat(appliedNow()).containsExactly("Insert[yak]");
    }

    @Test
    void aTableWithoutAKeyIsOneWindow() {
        SourceLayout keyless = Layouts.keyless("k");
        KeySpace one = new KeySpace(List.of(Layouts.route(keyless)), 1000, Visibility.BY_XID);
        ChunkWindow window =
                one.open(ChunkRange.wholeTable(TableName.parse("k"))).orElseThrow();
        one.begin(10, new Lsn(1));
        one.route(insert(keyless, 1, 1, "a"), applied::add);
        one.route(delete(keyless, 1), applied::add);
        one.end();
        assertThat(folded(window)).containsExactly("Insert[]", "Delete[]");
        assertThat(applied).isEmpty();
    }

    @Test
    void whenTheLastTableIsCopiedEverythingIsAppliedAndNothingIsUnsettled() {
        transaction(10, insert(layout, 150, 1, "a"));
        space.finished(WHOLE);
        space.copied(HIGH);
        space.copied(LOW);
        assertThat(space.complete()).isFalse();
        space.copied(MIDDLE);
        assertThat(space.complete()).isTrue();
        assertThat(space.oldestUnsettled()).isEmpty();
        transaction(11, insert(layout, 1, 1, "a"), insert(layout, 150, 1, "a"));
        assertThat(appliedNow()).containsExactly("Insert[1]", "Insert[150]");
    }

    @Test
    void neighboursJoinInWhateverOrderTheyAreCopied() {
        for (List<ChunkRange> order : List.of(
                List.of(LOW, MIDDLE, HIGH),
                List.of(HIGH, MIDDLE, LOW),
                List.of(MIDDLE, LOW, HIGH),
                List.of(LOW, HIGH, MIDDLE))) {
            KeySpace one = new KeySpace(List.of(Layouts.route(layout)), 1000, Visibility.BY_XID);
            order.forEach(range -> {
                assertThat(one.complete()).isFalse();
                one.copied(range);
            });
            assertThat(one.complete()).as("%s", order).isTrue();
        }
    }

    @Test
    void givingUpAnAttemptLeavesTheWindowOfTheNextOneOpen() {
        for (ChunkRange range : List.of(LOW, MIDDLE)) {
            KeySpace one = new KeySpace(List.of(Layouts.route(layout)), 1000, Visibility.BY_XID);
            ChunkWindow first = one.open(range).orElseThrow();
            ChunkWindow second = one.open(range).orElseThrow();
            one.abandoned(first);
            one.begin(10, new Lsn(1));
            one.route(insert(layout, range.equals(LOW) ? 50 : 150, 1, "a"), applied::add);
            one.end();
            assertThat(second.fold()).hasSize(1);
            one.abandoned(second);
            assertThat(one.open(range)).isPresent();
        }
    }

    @Test
    void givingUpAnAttemptThatWasMergedAfterAllLeavesItsSpaceCopied() {
        for (ChunkRange range : List.of(LOW, MIDDLE)) {
            KeySpace one = new KeySpace(List.of(Layouts.route(layout)), 1000, Visibility.BY_XID);
            ChunkWindow window = one.open(range).orElseThrow();
            one.copied(range);
            one.abandoned(window);
            one.begin(10, new Lsn(1));
            one.route(insert(layout, range.equals(LOW) ? 50 : 150, 1, "a"), applied::add);
            one.end();
            assertThat(appliedNow()).hasSize(1);
        }
    }

    @Test
    void copiedSpaceIsNotOpenedAgain() {
        space.copied(MIDDLE);
        assertThatThrownBy(() -> space.open(MIDDLE)).isInstanceOf(IllegalStateException.class);
        space.copied(LOW);
        assertThatThrownBy(() -> space.open(LOW)).isInstanceOf(IllegalStateException.class);
        space.finished(WHOLE);
        assertThatThrownBy(() -> space.open(ChunkRange.wholeTable(WHOLE))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void windowsOfALaneThatStartsAnewAreReadAgain() {
        ChunkWindow low = open(LOW);
        transaction(10, insert(layout, 1, 1, "a"));
        space.spoilWindows("the lane started anew");
        assertThat(low.mustBeReadAgain()).contains("the lane started anew");
        transaction(11, insert(layout, 2, 1, "a"));
        assertThat(low.fold()).isEmpty();
    }
}
