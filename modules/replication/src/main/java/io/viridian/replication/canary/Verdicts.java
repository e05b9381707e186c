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
    private final Map<RowKey, Settled> settled = new LinkedHashMap<>();

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
            agree(row, touches, images);
            return;
        }
        Side winner = winner(touches).orElseThrow(() -> undecided(row, touches, images));
        settle(winner, List.of(row), touches);
    }

    /** A row that a lane would have left without what it refers to. */
    void decide(Orphan orphan) {
        if (settled.containsKey(orphan.child()) || settled.containsKey(orphan.parent())) {
            return;
        }
        Touches ofChild = unseen.apply(orphan.child());
        Touches touches = ofChild.and(unseen.apply(orphan.parent()));
        if (touches.none()) {
            throw unexplained(orphan);
        }
        Images child = images(orphan.child());
        Images parent = images(orphan.parent());
        if (child.nowhere()) {
            if (!ofChild.none()) {
                agree(orphan.child(), touches, child);
            }
            return;
        }
        Side winner = touches.alone()
                .or(() -> winner(touches))
                .orElseThrow(() -> undecided(orphan, touches, child, parent));
        settle(
                winner,
                parent.nowhere() ? List.of(orphan.child()) : List.of(orphan.child(), orphan.parent()),
                touches);
    }

    private Optional<Side> winner(Touches touches) {
        return switch (terms.policy()) {
            case HALT -> Optional.empty();
            case BLUE_WINS -> Optional.of(Side.BLUE);
            case GREEN_WINS -> Optional.of(Side.GREEN);
            case NEWEST_WINS ->
                Optional.of(touches.last(Side.GREEN).isAfter(touches.last(Side.BLUE)) ? Side.GREEN : Side.BLUE);
        };
    }

    private void settle(Side winner, List<RowKey> rows, Touches touches) {
        Set<RowKey> together = new LinkedHashSet<>(rows);
        rows.forEach(row -> carry(winner, row, touches));
        while (true) {
            List<Orphan> left = orphans.among(settlement.on(winner.other()), together);
            if (left.isEmpty()) {
                return;
            }
            boolean more = false;
            for (Orphan orphan : left) {
                for (RowKey row : List.of(orphan.child(), orphan.parent())) {
                    if (!settled.containsKey(row)) {
                        carry(winner, row, touches);
                        together.add(row);
                        more = true;
                    }
                }
            }
            if (!more) {
                throw unexplained(left.getFirst());
            }
        }
    }

    private void carry(Side winner, RowKey row, Touches reason) {
        Touches own = unseen.apply(row);
        Images images = images(row);
        if (terms.policy() == ConflictPolicy.HALT && !own.on(winner.other()).isEmpty()) {
            throw undecided(row, own.and(reason), images);
        }
        Direction direction = Direction.from(winner);
        Session into = settlement.writing(winner.other());
        one(row).carry(settlement.on(winner), into, layouts.apply(direction, row));
        keep(direction, row, own, reason, images, winner.text() + "-wins");
    }

    private void agree(RowKey row, Touches reason, Images images) {
        settlement.writing(Side.GREEN);
        keep(Direction.FORWARD, row, unseen.apply(row), reason, images, "agreed");
    }

    private void keep(
            Direction direction, RowKey row, Touches own, Touches reason, Images images, String outcome) {
        if (settled.size() >= terms.room()) {
            throw Fault.of(
                            FaultCode.CANARY_BROKEN,
                            parts.conflictsMost() + " conflicts are kept in viridian.conflict, and none is dropped:"
                                    + " somebody writes the same rows on both sides all the time; end that, then resume,"
                                    + " which begins to count anew")
                    .asException();
        }
        ConflictKind kind = kind(own, images);
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
                        at(Side.BLUE, own, reason).toEpochMilli(),
                        at(Side.GREEN, own, reason).toEpochMilli(),
                        terms.here().blue().toString(),
                        terms.here().green().toString(),
                        terms.policy().text(),
                        outcome);
        settled.put(row, new Settled(row, new ConflictCount(direction, kind, outcome)));
    }

    private static Instant at(Side side, Touches own, Touches reason) {
        return (own.on(side).isEmpty() ? reason : own).last(side);
    }

    private static ConflictKind kind(Touches own, Images images) {
        return own.ofBoth() ? ConflictKind.of(own.blue(), own.green(), images.onBoth()) : ConflictKind.ORPHAN;
    }

    private static FaultException undecided(RowKey row, Touches touches, Images images) {
        return Fault.about(
                        FaultCode.CANARY_CONFLICT,
                        row.table().toString(),
                        kind(touches, images).text() + " of row " + row.key() + " of " + row.table() + ": blue has "
                                + Images.told(images.blue()) + " since " + touches.last(Side.BLUE) + ", green has "
                                + Images.told(images.green()) + " since " + touches.last(Side.GREEN)
                                + "; neither had seen the other, and both streams stop before it")
                .asException();
    }

    private static FaultException undecided(Orphan orphan, Touches touches, Images child, Images parent) {
        return Fault.about(
                        FaultCode.CANARY_CONFLICT,
                        orphan.child().table().toString(),
                        ConflictKind.ORPHAN.text() + ": " + orphan + ": blue has " + Images.told(child.blue()) + " and "
                                + Images.told(parent.blue()) + " since " + touches.last(Side.BLUE) + ", green has "
                                + Images.told(child.green()) + " and " + Images.told(parent.green()) + " since "
                                + touches.last(Side.GREEN)
                                + "; neither had seen the other, and both streams stop before it")
                .asException();
    }

    private static FaultException unexplained(Orphan orphan) {
        return Fault.about(
                        FaultCode.CANARY_BROKEN,
                        orphan.child().table().toString(),
                        orphan + ", which is not there, and no change of either side tells why: somebody has written"
                                + " around the foreign key, with triggers switched off or session_replication_role;"
                                + " both streams stop before it")
                .asException();
    }
}
