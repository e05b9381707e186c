package io.viridian.replication.canary;

import io.viridian.plan.ForeignKey;
import io.viridian.plan.RowPair;
import io.viridian.plan.Side;
import io.viridian.plan.TableName;
import io.viridian.postgres.Database;
import io.viridian.postgres.catalog.ForeignKeyReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The foreign keys between tables that both sides write. Rows are led without the server's looking at them, so whoever
 * leads rows looks himself; that is possible for a key that both sides have, and that is kept on both.
 */
public final class Ties {
    /** No foreign key. */
    public static final Ties NONE = new Ties(List.of(), List.of());

    private final List<Tie> ties;
    private final List<String> obstacles;

    private Ties(List<Tie> ties, List<String> obstacles) {
        this.ties = List.copyOf(ties);
        this.obstacles = List.copyOf(obstacles);
    }

    /** As both catalogs say now. */
    public static Ties read(List<RowPair> pairs, Database blue, Database green) {
        return of(pairs, keys(pairs, blue, Side.BLUE), keys(pairs, green, Side.GREEN));
    }

    private static List<ForeignKey> keys(List<RowPair> pairs, Database database, Side side) {
        return database.query(session -> ForeignKeyReader.read(
                session, pairs.stream().map(pair -> pair.on(side)).toList()));
    }

    static Ties of(List<RowPair> pairs, List<ForeignKey> blue, List<ForeignKey> green) {
        Looking looking = new Looking(pairs);
        List<Tie> ofBlue = looking.fitting(blue, Side.BLUE);
        List<Tie> ofGreen = looking.fitting(green, Side.GREEN);
        looking.unmatched(ofBlue, ofGreen, Side.GREEN);
        looking.unmatched(ofGreen, ofBlue, Side.BLUE);
        return new Ties(ofBlue, looking.obstacles);
    }

    /** A sentence for each foreign key that keeps its tables from being written on both sides. */
    public List<String> obstacles() {
        return obstacles;
    }

    List<Tie> all() {
        return ties;
    }

    /** These tables, by blue's names, and every table that foreign keys tie them to, over however many. */
    Set<TableName> connected(Set<TableName> tables) {
        Set<TableName> found = new HashSet<>(tables);
        boolean more = true;
        while (more) {
            more = false;
            for (Tie tie : ties) {
                TableName child = tie.child().on(Side.BLUE);
                TableName parent = tie.parent().on(Side.BLUE);
                if (found.contains(child) || found.contains(parent)) {
                    more |= found.addAll(List.of(child, parent));
                }
            }
        }
        return found;
    }

    /** One look at the keys of both sides. */
    private static final class Looking {
        private final List<RowPair> pairs;
        private final List<String> obstacles = new ArrayList<>();

        Looking(List<RowPair> pairs) {
            this.pairs = pairs;
        }

        List<Tie> fitting(List<ForeignKey> keys, Side side) {
            List<Tie> found = new ArrayList<>();
            for (ForeignKey key : keys) {
                Optional<RowPair> child = pair(side, key.table());
                Optional<RowPair> parent = pair(side, key.parent());
                Optional<String> obstacle = obstacle(key, child, parent, side);
                if (obstacle.isPresent()) {
                    obstacles.add(side.text() + "'s " + key + " " + obstacle.get());
                } else {
                    found.add(tie(key, child.orElseThrow(), parent.orElseThrow(), side));
                }
            }
            return found;
        }

        private Optional<RowPair> pair(Side side, TableName table) {
            return pairs.stream().filter(pair -> pair.on(side).equals(table)).findFirst();
        }

        private static Optional<String> obstacle(
                ForeignKey key, Optional<RowPair> child, Optional<RowPair> parent, Side side) {
            if (child.isEmpty() || parent.isEmpty()) {
                return Optional.of("ties it to " + (child.isEmpty() ? key.table() : key.parent())
                        + ", which is not written on both"
                        + " sides, so rows that are led would leave it with rows that refer to nothing");
            }
            if (key.unfit().isPresent()) {
                return key.unfit();
            }
            RowPair of = child.get();
            boolean primary =
                    key.parentColumns().size() == parent.get().key(side).size()
                            && Set.copyOf(key.parentColumns())
                                    .equals(Set.copyOf(parent.get().key(side)));
            if (!primary) {
                return Optional.of("refers to other columns than the primary key of " + key.parent());
            }
            boolean led = key.columns().stream()
                    .allMatch(column -> of.blueName(side, column).isPresent());
            return led ? Optional.empty() : Optional.of("has a column that is not on both sides");
        }

        private static Tie tie(ForeignKey key, RowPair child, RowPair parent, Side side) {
            List<String> blue = Tie.inOrder(key, parent, side).stream()
                    .map(column -> child.blueName(side, column).orElseThrow())
                    .toList();
            List<String> green = blue.stream()
                    .map(column -> child.greenName(column).orElseThrow())
                    .toList();
            return new Tie(key.name(), child, parent, blue, green);
        }

        /** A key that only one side keeps lets the other commit what this one must not have. */
        void unmatched(List<Tie> one, List<Tie> other, Side without) {
            for (Tie tie : one) {
                boolean found = other.stream()
                        .anyMatch(same -> same.child().equals(tie.child())
                                && same.parent().equals(tie.parent())
                                && same.blueColumns().equals(tie.blueColumns()));
                if (!found) {
                    obstacles.add(without.other().text() + "'s foreign key " + tie.name() + " of "
                            + tie.child().on(without.other()) + " has none like it on " + without.text()
                            + ", which would commit rows that "
                            + without.other().text() + " must not have");
                }
            }
        }
    }
}
