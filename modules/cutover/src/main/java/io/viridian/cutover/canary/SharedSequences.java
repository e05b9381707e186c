package io.viridian.cutover.canary;

import io.viridian.cutover.SequencePosition;
import io.viridian.fault.CrashPoint;
import io.viridian.fault.Failpoints;
import io.viridian.plan.SequenceName;
import io.viridian.plan.SequencePair;
import io.viridian.plan.Side;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Numbers for two sides that hand them out at once. Green's sequences are set a stretch ahead of blue's; nothing is
 * changed on blue, whose sessions may hold numbers in their caches. When green has handed out any, blue's sequence goes
 * on behind them in the end, so the stretch between stays unused. Conductor's thread.
 */
public final class SharedSequences {
    /** Five thousand a second for half an hour; of the numbers of an integer it is the two hundredth part. */
    public static final long STRETCH = 10_000_000;

    /** Whoever is this close to the other's numbers has used nine tenths of the stretch. */
    private static final long CLOSE = STRETCH / 10;

    private static final String KEEP = """
            insert into viridian.shared_sequence (migration, name, starts) values (?, ?, ?)
            on conflict (migration, name) do update set starts = excluded.starts
            """;

    private final String migration;
    private final Database blue;
    private final Database green;
    private final List<SequencePair> pairs;
    private final Failpoints failpoints;

    public SharedSequences(
            String migration, Database blue, Database green, List<SequencePair> pairs, Failpoints failpoints) {
        this.migration = migration;
        this.blue = blue;
        this.green = green;
        this.pairs = List.copyOf(pairs);
        this.failpoints = failpoints;
    }

    /** Sequences without room for two, a sentence each. */
    public List<String> obstacles() {
        List<String> found = new ArrayList<>();
        for (Side side : Side.values()) {
            Set<SequenceName> once = new HashSet<>();
            pairs.stream()
                    .map(pair -> pair.on(side))
                    .filter(name -> !once.add(name))
                    .distinct()
                    .forEach(name -> found.add("sequence " + name + " of " + side.text() + " belongs to several of "
                            + side.other().text() + ", so both sides cannot have numbers of their own"));
        }
        List<SequencePosition> ofBlue = positions(Side.BLUE);
        List<SequencePosition> ofGreen = positions(Side.GREEN);
        for (int index = 0; index < pairs.size(); index++) {
            SequencePosition one = ofBlue.get(index);
            SequencePosition other = ofGreen.get(index);
            if (one.increment() <= 0 || other.increment() <= 0 || one.cycle() || other.cycle()) {
                found.add("sequence " + one.name() + " counts down or in a circle, so both sides cannot have numbers of"
                        + " their own");
            } else if (!fits(starts(one, other), one, other)) {
                found.add("sequence " + other.name() + " has no room: blue stands at " + one.last()
                        + ", and a stretch of " + STRETCH + " steps for either side does not fit below "
                        + Math.min(one.max(), other.max()));
            }
        }
        return found;
    }

    private static long step(SequencePosition one, SequencePosition other) {
        return Math.max(one.increment(), other.increment());
    }

    private static long starts(SequencePosition one, SequencePosition other) {
        return saturated(Math.max(one.last(), other.last()), step(one, other));
    }

    private static long saturated(long from, long step) {
        long stretch = STRETCH > Long.MAX_VALUE / step ? Long.MAX_VALUE : STRETCH * step;
        return from > Long.MAX_VALUE - stretch ? Long.MAX_VALUE : from + stretch;
    }

    private static boolean fits(long starts, SequencePosition one, SequencePosition other) {
        return saturated(starts, step(one, other)) <= Math.min(one.max(), other.max());
    }

    /** Sets green's ahead; those that are ahead already, by an attempt before this one, stay where they are. */
    public void setApart() {
        List<SequencePosition> ofBlue = positions(Side.BLUE);
        green.transaction(session -> {
            List<SequencePosition> ofGreen = positions(session);
            Map<String, Long> kept = kept(session);
            for (int index = 0; index < pairs.size(); index++) {
                SequencePosition one = ofBlue.get(index);
                SequencePosition other = ofGreen.get(index);
                String name = other.name().toString();
                long starts = starts(one, other);
                if (!kept.containsKey(name)) {
                    session.update(KEEP, migration, name, starts);
                    set(session, other.name(), starts);
                }
            }
            return true;
        });
        failpoints.pass(CrashPoint.CANARY_SEQUENCES_SET);
    }

    private Map<String, Long> kept(Session session) {
        Map<String, Long> found = new HashMap<>();
        session.list(
                "select name, starts from viridian.shared_sequence where migration = ?",
                row -> found.put(row.text(1), row.number(2)),
                migration);
        return found;
    }

    /** A sequence of blue that comes close to green's numbers. */
    public Optional<String> runsShort() {
        if (pairs.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Long> starts = green.query(this::kept);
        List<SequencePosition> ofBlue = positions(Side.BLUE);
        for (int index = 0; index < pairs.size(); index++) {
            SequencePosition one = ofBlue.get(index);
            Long start = starts.get(pairs.get(index).green().toString());
            if (start != null && one.last() > start - CLOSE * one.increment()) {
                return Optional.of("sequence " + one.name() + " of blue stands at " + one.last()
                        + ", close to green's numbers from " + start + " on");
            }
        }
        return Optional.empty();
    }

    /** Green is closed: blue goes on behind what green has handed out, and green where blue is if it has not. */
    public void putTogether() {
        Map<String, Long> starts = green.query(this::kept);
        List<SequencePosition> ofBlue = positions(Side.BLUE);
        List<SequencePosition> ofGreen = positions(Side.GREEN);
        for (int index = 0; index < pairs.size(); index++) {
            SequencePosition one = ofBlue.get(index);
            SequencePosition other = ofGreen.get(index);
            Long start = starts.get(other.name().toString());
            if (start == null) {
                continue;
            }
            if (other.last() > start && one.last() < other.last()) {
                blue.run(session -> set(session, one.name(), other.last()));
            } else if (other.last() <= start && one.last() < start) {
                green.run(session -> set(session, other.name(), one.last()));
            }
        }
        green.run(session -> session.update("delete from viridian.shared_sequence where migration = ?", migration));
    }

    private List<SequencePosition> positions(Side side) {
        return (side == Side.BLUE ? blue : green).query(this::positions);
    }

    private List<SequencePosition> positions(Session session) {
        return SequencePosition.read(
                session, pairs.stream().map(pair -> pair.on(session.side())).toList());
    }

    private static void set(Session session, SequenceName sequence, long value) {
        session.one("select setval(?::regclass, ?)", row -> row.number(1), sequence.sql(), value);
    }
}
