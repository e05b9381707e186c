package io.viridian.replication.canary;

import io.viridian.plan.RowKey;
import io.viridian.plan.RowPair;
import io.viridian.plan.Side;
import io.viridian.plan.UniqueKey;
import io.viridian.postgres.Database;
import io.viridian.postgres.catalog.UniqueKeyReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the tables that both sides write hold once only. The server of each side sees to its own rows; of two rows that
 * hold one value, one on either side, one has to give way.
 */
public final class Soles {
    /** Nothing beside the primary keys. */
    public static final Soles NONE = new Soles(List.of(), List.of());

    private final List<Sole> soles;
    private final List<String> obstacles;

    private Soles(List<Sole> soles, List<String> obstacles) {
        this.soles = List.copyOf(soles);
        this.obstacles = List.copyOf(obstacles);
    }

    /** As both catalogs say now. */
    public static Soles read(List<RowPair> pairs, Database blue, Database green) {
        List<String> obstacles = new ArrayList<>();
        List<Sole> ofBlue = fitting(pairs, blue, Side.BLUE, obstacles);
        List<Sole> ofGreen = fitting(pairs, green, Side.GREEN, obstacles);
        unmatched(ofBlue, ofGreen, Side.GREEN, obstacles);
        unmatched(ofGreen, ofBlue, Side.BLUE, obstacles);
        return new Soles(ofBlue, obstacles);
    }

    /** A sentence for each that keeps its table from being written on both sides. */
    public List<String> obstacles() {
        return obstacles;
    }

    List<Sole> of(RowKey row) {
        return soles.stream()
                .filter(sole -> sole.pair().on(Side.BLUE).equals(row.table()))
                .toList();
    }

    private static List<Sole> fitting(List<RowPair> pairs, Database database, Side side, List<String> obstacles) {
        List<UniqueKey> keys = database.query(session -> UniqueKeyReader.read(
                session, pairs.stream().map(pair -> pair.on(side)).toList()));
        List<Sole> found = new ArrayList<>();
        for (UniqueKey key : keys) {
            Optional<RowPair> pair = pairs.stream()
                    .filter(one -> one.on(side).equals(key.table()))
                    .findFirst();
            Optional<String> obstacle = key.unfit().or(() -> obstacle(key, pair, side));
            if (obstacle.isPresent()) {
                obstacles.add(side.text() + "'s " + key + " " + obstacle.get()
                        + ", so nobody can tell which rows of the other side it would not let be beside it");
            } else {
                found.add(sole(key, pair.orElseThrow(), side));
            }
        }
        return found;
    }

    private static Optional<String> obstacle(UniqueKey key, Optional<RowPair> pair, Side side) {
        if (pair.isEmpty()) {
            return Optional.of("is of one partition");
        }
        RowPair of = pair.get();
        boolean led = key.columns().stream()
                .allMatch(column -> of.blueName(side, column).isPresent());
        return led ? Optional.empty() : Optional.of("has a column that is not on both sides");
    }

    private static Sole sole(UniqueKey key, RowPair pair, Side side) {
        List<String> blue = key.columns().stream()
                .map(column -> pair.blueName(side, column).orElseThrow())
                .sorted()
                .toList();
        return new Sole(
                key.name(),
                pair,
                blue,
                blue.stream()
                        .map(column -> pair.greenName(column).orElseThrow())
                        .toList());
    }

    /** What only one side holds once the other commits twice. */
    private static void unmatched(List<Sole> one, List<Sole> other, Side without, List<String> obstacles) {
        Set<List<Object>> there = new HashSet<>();
        other.forEach(sole -> there.add(List.of(sole.pair(), sole.blueColumns())));
        for (Sole sole : one) {
            if (!there.contains(List.<Object>of(sole.pair(), sole.blueColumns()))) {
                obstacles.add(without.other().text() + "'s index " + sole.name() + " of "
                        + sole.pair().on(without.other()) + " has none like it on " + without.text()
                        + ", which would commit rows that " + without.other().text() + " cannot hold");
            }
        }
    }
}
