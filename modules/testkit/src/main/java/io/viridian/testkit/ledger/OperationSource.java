package io.viridian.testkit.ledger;

import io.viridian.testkit.ledger.SlotOperation.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Chooses a writer's next operation. The choice depends on the seed, the operation's id and the state of the writer's
 * rows, on nothing else. Where the state does not allow a kind (nothing is deleted that could come back) its
 * counterpart is taken, which always is possible then.
 */
final class OperationSource {

    private static final long AMOUNT_MAX = 100;

    private final LedgerConfig config;
    private final Bank bank;
    private final int writer;
    private final Partition partition;
    private final List<OperationKind> wheel;

    OperationSource(LedgerConfig config, Bank bank, int writer) {
        this.config = config;
        this.bank = bank;
        this.writer = writer;
        this.partition = bank.partition(writer);
        wheel = config.kinds().stream()
                .sorted()
                .flatMap(kind -> IntStream.range(0, kind.weight()).mapToObj(_ -> kind))
                .toList();
    }

    /** @param ghosts gives further ids to operations that need them */
    Operation next(long operation, LongSupplier ghosts) {
        RandomGenerator random = new SplittableRandom(Mix.of(config.seed(), writer, operation));
        return switch (wheel.get(random.nextInt(wheel.size()))) {
            case TRANSFER -> transfer(random);
            case INCREMENT -> increment(random);
            case SLOT_SWAP -> slotSwap(random);
            case SLOT_HAND_OVER -> slotHandOver(random);
            case SLOT_RELEASE, SLOT_TAKE -> slotReleaseOrTake(random);
            case BADGE_RENUMBER -> badgeRenumber(random);
            case BADGE_SWAP -> badgeSwap(random);
            case DOCUMENT_REWRITE -> documentRewrite(random);
            case DOCUMENT_RETITLE -> documentRetitle(random);
            case VISIT_DELETE -> visitDelete(random);
            case VISIT_INSERT -> visitInsert(random);
            case VISIT_REPLACE -> visitReplace(random);
            case COMPOUND -> compound(random);
            case ROLLBACK -> new Operation.RolledBack(compound(random));
            case SAVEPOINT ->
                new Operation.PartlyRolledBack(compound(random), documentRewrite(random), ghosts.getAsLong());
        };
    }

    /** One of each family, so that no part depends on another; lengths differ. */
    private Operation compound(RandomGenerator random) {
        List<Operation> parts = new ArrayList<>(List.of(transfer(random), increment(random)));
        if (random.nextBoolean()) {
            parts.add(slotHandOver(random));
        }
        if (random.nextBoolean()) {
            parts.add(documentRetitle(random));
        }
        if (random.nextBoolean()) {
            parts.add(badgeRenumber(random));
        }
        parts.add(visitReplace(random));
        return new Operation.Compound(parts);
    }

    /** Half of the transfers leave the writer's own accounts, so that writers wait for each other. */
    private Operation transfer(RandomGenerator random) {
        int rows = config.volume().rowsPerWriter();
        int from = writer * rows + random.nextInt(rows);
        int to = random.nextBoolean() ? writer * rows + random.nextInt(rows) : random.nextInt(bank.accounts());
        if (to == from) {
            to = writer * rows + (from - writer * rows + 1) % rows;
        }
        return new Operation.Transfer(from, to, random.nextLong(1, AMOUNT_MAX));
    }

    private Operation increment(RandomGenerator random) {
        int row = random.nextInt(partition.counters.length);
        return new Operation.Increment(row, partition.rowId(row));
    }

    private Operation slotSwap(RandomGenerator random) {
        OptionalInt left = find(partition.tokens, OperationSource::present, random);
        if (left.isEmpty()) {
            return slotReleaseOrTake(random);
        }
        int first = left.getAsInt();
        OptionalInt right = find(partition.tokens, token -> present(token) && token != partition.tokens[first], random);
        if (right.isEmpty()) {
            return slotReleaseOrTake(random);
        }
        int second = right.getAsInt();
        return new SlotOperation.Swap(slot(first, partition.tokens[second]), slot(second, partition.tokens[first]));
    }

    private Operation slotHandOver(RandomGenerator random) {
        OptionalInt from = find(partition.tokens, OperationSource::present, random);
        OptionalInt to = find(partition.tokens, OperationSource::absent, random);
        if (from.isEmpty() || to.isEmpty()) {
            return slotReleaseOrTake(random);
        }
        long token = partition.tokens[from.getAsInt()];
        return new SlotOperation.HandOver(slot(from.getAsInt(), Partition.NONE), slot(to.getAsInt(), token));
    }

    /** Whatever was released goes into a slot again before the next is released: hands stay small. */
    private Operation slotReleaseOrTake(RandomGenerator random) {
        if (partition.hand.isEmpty()) {
            int row = find(partition.tokens, OperationSource::present, random).orElseThrow();
            return new SlotOperation.Release(slot(row, Partition.NONE));
        }
        int row = find(partition.tokens, OperationSource::absent, random).orElseThrow();
        return new SlotOperation.Take(slot(row, partition.hand.getFirst()));
    }

    private Operation badgeRenumber(RandomGenerator random) {
        int row = random.nextInt(partition.codes.length);
        boolean reuse = random.nextBoolean();
        long code = reuse ? partition.freeCode : partition.newCode();
        return new BadgeOperation.Renumber(row, partition.codes[row], code, reuse);
    }

    private Operation badgeSwap(RandomGenerator random) {
        int left = random.nextInt(partition.codes.length);
        int right = (left + 1 + random.nextInt(partition.codes.length - 1)) % partition.codes.length;
        return new BadgeOperation.Swap(left, right, partition.codes[left], partition.codes[right], partition.newCode());
    }

    private Operation documentRewrite(RandomGenerator random) {
        int row = random.nextInt(partition.bodies.length);
        return new DocumentOperation.Rewrite(
                row, partition.documentId(row), partition.revisions[row] + 1, bank.content());
    }

    private Operation documentRetitle(RandomGenerator random) {
        int row = random.nextInt(partition.bodies.length);
        return new DocumentOperation.Retitle(row, partition.documentId(row), partition.revisions[row] + 1);
    }

    private Operation visitDelete(RandomGenerator random) {
        OptionalInt row = find(partition.visits, OperationSource::present, random);
        return row.isPresent()
                ? new VisitOperation.Delete(row.getAsInt(), partition.rowId(row.getAsInt()))
                : visitInsert(random);
    }

    private Operation visitInsert(RandomGenerator random) {
        OptionalInt row = find(partition.visits, OperationSource::absent, random);
        return row.isPresent()
                ? new VisitOperation.Insert(row.getAsInt(), partition.rowId(row.getAsInt()))
                : visitDelete(random);
    }

    private Operation visitReplace(RandomGenerator random) {
        OptionalInt row = find(partition.visits, OperationSource::present, random);
        return row.isPresent()
                ? new VisitOperation.Replace(row.getAsInt(), partition.rowId(row.getAsInt()))
                : visitInsert(random);
    }

    private Slot slot(int row, long token) {
        return new Slot(row, partition.rowId(row), token);
    }

    private static boolean present(long value) {
        return value != Partition.NONE;
    }

    private static boolean absent(long value) {
        return value == Partition.NONE;
    }

    /** The first that fits from a random row on; any row may be the answer, and usually few are looked at. */
    private static OptionalInt find(long[] values, LongPredicate condition, RandomGenerator random) {
        int start = random.nextInt(values.length);
        for (int step = 0; step < values.length; step++) {
            int row = (start + step) % values.length;
            if (condition.test(values[row])) {
                return OptionalInt.of(row);
            }
        }
        return OptionalInt.empty();
    }
}
