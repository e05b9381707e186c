package io.viridian.feed.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.feed.Change;
import io.viridian.feed.Tuple;
import io.viridian.plan.TableName;
import io.viridian.position.Lsn;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpooledTransactionTest {
    private static final Change.Begin BEGIN = new Change.Begin(7, new Lsn(70), Instant.EPOCH);
    private static final Change.Commit COMMIT = new Change.Commit(new Lsn(70), new Lsn(71));
    private static final List<Change.SourceTable> TABLES = List.of(table("one"), table("two"), table("one"));

    @TempDir
    Path directory;

    private static Change.SourceTable table(String name) {
        return new Change.SourceTable(
                new TableName("public", name),
                'd',
                List.of(new Change.SourceTableColumn("id", 23, true), new Change.SourceTableColumn("v", 25, false)));
    }

    private SpoolSpace space(int blocks) {
        return new SpoolSpace(directory, (long) blocks * SpoolSpace.BLOCK);
    }

    private static List<Change> random(Random random, int count) {
        List<Change> changes = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            Change.SourceTable table = TABLES.get(random.nextInt(TABLES.size()));
            changes.add(
                    switch (random.nextInt(8)) {
                        case 0 -> new Change.Described(table);
                        case 1 -> new Change.Origin("origin " + number);
                        case 2 -> new Change.Insert(table, tuple(random));
                        case 3 -> new Change.Update(table, null, tuple(random));
                        case 4 -> new Change.Update(table, tuple(random), tuple(random));
                        case 5 -> new Change.Delete(table, tuple(random));
                        case 6 -> new Change.Truncate(TABLES);
                        default -> new Change.Message(random.nextBoolean(), new Lsn(number), "prefix", "content 𝄞");
                    });
        }
        return changes;
    }

    private static Tuple tuple(Random random) {
        return new Tuple(new @Nullable String[] {value(random), value(random)});
    }

    private static @Nullable String value(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> null;
            case 1 -> Tuple.UNCHANGED;
            case 2 -> "";
            case 3 -> "<unchanged>";
            default -> "ü𝄞\u0001".repeat(random.nextInt(40));
        };
    }

    private static List<Change> replayed(SpooledTransaction transaction) {
        List<Change> changes = new ArrayList<>();
        SpooledTransaction.Replay replay = transaction.replay(BEGIN, COMMIT);
        for (Change change = replay.next(); change != null; change = replay.next()) {
            changes.add(change);
        }
        return changes;
    }

    /** With the identity of what is compared by it. */
    private static String line(Change change) {
        return switch (change) {
            case Change.Insert insert -> "insert " + id(insert.table()) + row(insert.row());
            case Change.Update update -> "update " + id(update.table()) + row(update.old()) + row(update.row());
            case Change.Delete delete -> "delete " + id(delete.table()) + row(delete.old());
            case Change.Described described -> "described " + id(described.table());
            case Change.Truncate truncate ->
                "truncate "
                        + truncate.tables().stream()
                                .map(SpooledTransactionTest::id)
                                .toList();
            case Change.Begin _, Change.Commit _, Change.Origin _, Change.Message _ -> change.toString();
        };
    }

    private static String id(Change.SourceTable table) {
        return table.name() + "@" + System.identityHashCode(table);
    }

    private static String row(@Nullable Tuple row) {
        return row == null
                ? " none"
                : IntStream.range(0, row.size())
                        .mapToObj(column -> row.unchanged(column) ? "unchanged" : "'" + row.value(column) + "'")
                        .collect(Collectors.joining(", ", " (", ")"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 256, 257, 6_000})
    void everyChangeComesBackBetweenItsBeginningAndItsEnd(int count) {
        SpoolSpace space = space(1);
        for (int seed = 0; seed < 5; seed++) {
            List<Change> changes = random(new Random(seed), count);
            SpooledTransaction transaction = new SpooledTransaction(space);
            changes.forEach(transaction::add);
            List<Change> expected = new ArrayList<>(changes);
            expected.addFirst(BEGIN);
            expected.addLast(COMMIT);
            assertThat(replayed(transaction))
                    .extracting(SpooledTransactionTest::line)
                    .isEqualTo(
                            expected.stream().map(SpooledTransactionTest::line).toList());
            assertThat(space.bytes()).as("held behind the end").isZero();
        }
    }

    @Test
    void aSmallTransactionNeedsNoSpool() {
        SpoolSpace space = space(1);
        SpooledTransaction transaction = new SpooledTransaction(space);
        random(new Random(1), 100).forEach(transaction::add);
        assertThat(space.bytes()).isZero();
        assertThat(replayed(transaction)).hasSize(102);
    }

    @Test
    void largeValuesLeaveTheHeapHoweverFewTheyAre() {
        SpoolSpace space = space(1);
        SpooledTransaction transaction = new SpooledTransaction(space);
        for (int number = 0; number < 10; number++) {
            transaction.add(new Change.Insert(TABLES.getFirst(), new Tuple(new @Nullable String[] {
                "1", "v".repeat(4 * SpoolSpace.BLOCK)
            })));
        }
        assertThat(space.bytesOnDisk()).isGreaterThan(30L * SpoolSpace.BLOCK);
        transaction.close();
        assertThat(space.bytes()).isZero();
    }
}
