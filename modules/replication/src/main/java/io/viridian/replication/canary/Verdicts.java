package io.viridian.replication.canary;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.migration.ConflictPolicy;
import io.viridian.plan.Direction;
import io.viridian.plan.RowKey;
import io.viridian.plan.Side;
import io.viridian.postgres.Session;
import io.viridian.replication.apply.SourceLayout;
import io.viridian.replication.lane.Orphan;
import io.viridian.replication.lane.Rival;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Which side's rows stay, behind the locks of a settlement. A row that goes another way than its own changes ask for
 * may be one that others refer to, or that refers to others: whatever a foreign key ties to it and is not the same on
 * both sides goes the same way, until the side that is written has no row that refers to nothing. It ends because the
 * other side has none, and in the end everything would be as there. One thread.
 */
final class Verdicts {
    private static final String KEEP = """
            insert into viridian.conflict (migration, target, key, kind, blue_row, green_row, blue_at, green_at,
                blue_lsn, green_lsn, policy, outcome)
            values (?, ?, ?::text[], ?, ?::jsonb, ?::jsonb, to_timestamp(?::double precision / 1000),
                to_timestamp(?::double precision / 1000), ?::pg_lsn, ?::pg_lsn, ?, ?)
            """;

    private final CanaryParts parts;
    private final Settlement settlement;
    private final Terms terms;
    private final Function<RowKey, Touches> unseen;
    private final BiFunction<Direction, RowKey, SourceLayout> layouts;
    private final Orphans orphans;
    private final Rivals rivals;
    private final Map<RowKey, Settled> settled = new LinkedHashMap<>();
    private final Set<RowKey> together = new LinkedHashSet<>();

    /**
     * How it is decided.
     *
     * @param here everything that either side has committed of these tables lies before
     * @param room so many more are kept
     */
    record Terms(ConflictPolicy policy, Marks.Mark here, long room) {}

    /**
     * Decides behind the locks of this settlement.
     *
     * @param unseen what either side has changed of a row
     * @param layouts how the stream of a direction gives a row
     */
    Verdicts(
            CanaryParts parts,
            Settlement settlement,
            Terms terms,
            Function<RowKey, Touches> unseen,
            BiFunction<Direction, RowKey, SourceLayout> layouts) {
        this.parts = parts;
        this.settlement = settlement;
        this.terms = terms;
        this.unseen = unseen;
        this.layouts = layouts;
        this.orphans = new Orphans(parts.ties());
        this.rivals = new Rivals(parts.soles());
    }

    /** A row with what either side has. */
    private record Images(Optional<String> blue, Optional<String> green) {
        boolean nowhere() {
            return blue.isEmpty() && green.isEmpty();
        }

        boolean onBoth() {
            return blue.isPresent() && green.isPresent();
        }

        private static String told(Optional<String> image) {
            return image.orElse("no such row");
        }
    }

    private Images images(RowKey row) {
        OneRow one = one(row);
        return new Images(one.image(settlement.on(Side.BLUE)), one.image(settlement.on(Side.GREEN)));
    }

    private OneRow one(RowKey row) {
        return new OneRow(row, parts.pair(row.table()));
    }

    /** What is equal on both sides now, once the settlement is committed. */
    Collection<Settled> settled() {
        return settled.values();
    }

    /** A row that both sides have changed; nothing, when that is not so any more. */
    void decide(RowKey row) {
        Touches touches = unseen.apply(row);
        if (settled.containsKey(row) || !touches.ofBoth()) {
            return;
        }
        Images images = images(row);
        if (images.nowhere()) {
            agree(row, new Reason(touches, ConflictKind.MISSING_ROW), images);
            return;
        }
        Side winner = winner(touches).orElseThrow(() -> undecided(row, touches, images));
        settle(winner, List.of(row), new Reason(touches, ConflictKind.ORPHAN));
    }

    /** A row that a lane would have left without what it refers to. */
    void decide(Orphan orphan) {
        decide(new Two(orphan.child(), orphan.parent(), ConflictKind.ORPHAN, orphan.toString()));
    }

    /** A row that a lane could not write beside one of the other side. */
    void decide(Rival rival) {
        decide(new Two(rival.row(), rival.holder(), ConflictKind.DUPLICATE, rival.toString()));
    }

    /**
     * Two rows, of one side each, that cannot be both.
     *
     * @param one without which there is no question
     */
    private record Two(RowKey one, RowKey other, ConflictKind kind, String told) {}

    private void decide(Two two) {
        if (settled.containsKey(two.one()) || settled.containsKey(two.other())) {
            return;
        }
        Touches ofOne = unseen.apply(two.one());
        Touches touches = ofOne.and(unseen.apply(two.other()));
        if (touches.none()) {
            throw unexplained(two.one(), two.told());
        }
        Reason reason = new Reason(touches, two.kind());
        Images one = images(two.one());
        Images other = images(two.other());
        if (one.nowhere()) {
            if (!ofOne.none()) {
                agree(two.one(), reason, one);
            }
            return;
        }
        Side winner = touches.alone().or(() -> winner(touches)).orElseThrow(() -> undecided(two, touches, one, other));
        settle(winner, other.nowhere() ? List.of(two.one()) : List.of(two.one(), two.other()), reason);
    }

    /**
     * Why rows go one way.
     *
     * @param kind of those that only one side has changed
     */
    private record Reason(Touches touches, ConflictKind kind) {}

    private Optional<Side> winner(Touches touches) {
        return switch (terms.policy()) {
            case HALT -> Optional.empty();
            case BLUE_WINS -> Optional.of(Side.BLUE);
            case GREEN_WINS -> Optional.of(Side.GREEN);
            case NEWEST_WINS ->
                Optional.of(touches.last(Side.GREEN).isAfter(touches.last(Side.BLUE)) ? Side.GREEN : Side.BLUE);
        };
    }

    private void settle(Side winner, List<RowKey> rows, Reason reason) {
        together.clear();
        rows.forEach(row -> take(winner, row, reason));
        while (true) {
            List<Orphan> left = orphans.among(settlement.on(winner.other()), together);
            if (left.isEmpty()) {
                return;
            }
            Reason tied = new Reason(reason.touches(), ConflictKind.ORPHAN);
            boolean more = false;
            for (Orphan orphan : left) {
                for (RowKey row : List.of(orphan.child(), orphan.parent())) {
                    more |= take(winner, row, tied);
                }
            }
            if (!more) {
                throw unexplained(left.getFirst().child(), left.getFirst() + ", which is not there");
            }
        }
    }

    /** Whether it was not taken yet. */
    private boolean take(Side winner, RowKey row, Reason reason) {
        if (settled.containsKey(row)) {
            return false;
        }
        note(winner, row, reason);
        carry(winner, row, reason);
        return true;
    }

    private void note(Side winner, RowKey row, Reason reason) {
        Touches own = unseen.apply(row);
        Images images = images(row);
        if (terms.policy() == ConflictPolicy.HALT && !own.on(winner.other()).isEmpty()) {
            throw undecided(row, own.and(reason.touches()), images);
        }
        together.add(row);
        keep(Direction.from(winner), row, own, reason, images, winner.text() + "-wins");
    }

    /** Rows that hold what this one is to hold go first, and come after it as the winner has them. */
    private void carry(Side winner, RowKey row, Reason reason) {
        Direction direction = Direction.from(winner);
        Session from = settlement.on(winner);
        Session into = settlement.writing(winner.other());
        List<RowKey> holders = rivals.inTheWay(from, into, row);
        for (RowKey holder : holders) {
            if (settled.containsKey(holder)) {
                throw unexplained(row, row + " and " + holder + " hold one value");
            }
            note(winner, holder, new Reason(reason.touches(), ConflictKind.DUPLICATE));
            one(holder).remove(from, into, layouts.apply(direction, holder));
        }
        one(row).carry(from, into, layouts.apply(direction, row));
        holders.forEach(holder -> carry(winner, holder, reason));
    }

    private void agree(RowKey row, Reason reason, Images images) {
        settlement.writing(Side.GREEN);
        keep(Direction.FORWARD, row, unseen.apply(row), reason, images, "agreed");
    }

    private void keep(Direction direction, RowKey row, Touches own, Reason reason, Images images, String outcome) {
        if (settled.size() >= terms.room()) {
            throw Fault.of(
                            FaultCode.CANARY_BROKEN,
                            parts.conflictsMost() + " conflicts are kept in viridian.conflict, and none is dropped:"
                                    + " somebody writes the same rows on both sides all the time; end that, then resume,"
                                    + " which begins to count anew")
                    .asException();
        }
        ConflictKind kind = kind(own, images, reason.kind());
        settlement
                .on(direction.target())
                .update(
                        KEEP,
                        parts.migration(),
                        row.table().toString(),
                        row.key().toArray(String[]::new),
                        kind.text(),
                        images.blue().orElse(null),
                        images.green().orElse(null),
                        at(Side.BLUE, own, reason.touches()).toEpochMilli(),
                        at(Side.GREEN, own, reason.touches()).toEpochMilli(),
                        terms.here().blue().toString(),
                        terms.here().green().toString(),
                        terms.policy().text(),
                        outcome);
        settled.put(row, new Settled(row, new ConflictCount(direction, kind, outcome)));
    }

    private static Instant at(Side side, Touches own, Touches reason) {
        return (own.on(side).isEmpty() ? reason : own).last(side);
    }

    private static ConflictKind kind(Touches own, Images images, ConflictKind besides) {
        return own.ofBoth() ? ConflictKind.of(own.blue(), own.green(), images.onBoth()) : besides;
    }

    private static FaultException undecided(RowKey row, Touches touches, Images images) {
        return Fault.about(
                        FaultCode.CANARY_CONFLICT,
                        row.table().toString(),
                        kind(touches, images, ConflictKind.ORPHAN).text() + " of row " + row.key() + " of "
                                + row.table() + ": blue has "
                                + Images.told(images.blue()) + " since " + touches.last(Side.BLUE) + ", green has "
                                + Images.told(images.green()) + " since " + touches.last(Side.GREEN)
                                + "; neither had seen the other, and both streams stop before it")
                .asException();
    }

    private static FaultException undecided(Two two, Touches touches, Images one, Images other) {
        return Fault.about(
                        FaultCode.CANARY_CONFLICT,
                        two.one().table().toString(),
                        two.kind().text() + ": " + two.told() + ": blue has " + Images.told(one.blue()) + " and "
                                + Images.told(other.blue()) + " since " + touches.last(Side.BLUE) + ", green has "
                                + Images.told(one.green()) + " and " + Images.told(other.green()) + " since "
                                + touches.last(Side.GREEN)
                                + "; neither had seen the other, and both streams stop before it")
                .asException();
    }

    private static FaultException unexplained(RowKey row, String told) {
        return Fault.about(
                        FaultCode.CANARY_BROKEN,
                        row.table().toString(),
                        told
                                + ", and no change of either side tells why: somebody has written around a constraint, with"
                                + " triggers switched off or session_replication_role; both streams stop before it")
                .asException();
    }
}
