package io.viridian.replication.merge;

import io.viridian.plan.RouteSource;
import io.viridian.plan.SourceColumn;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The order of keys as the source orders them, for the types whose order needs no collation: integers, and uuids,
 * whose lower-case text sorts like their bytes. Keys of any other type are not cut into ranges at all.
 */
public final class KeyOrder implements Comparator<List<String>> {
    private final List<Comparator<String>> columns;

    private KeyOrder(List<Comparator<String>> columns) {
        this.columns = columns;
    }

    /** The order of a source's key, or empty when the database must be asked. */
    public static Optional<KeyOrder> of(RouteSource source) {
        List<Comparator<String>> columns = new ArrayList<>();
        for (String name : source.key()) {
            SourceColumn column = source.columns().get(source.index(name));
            if (!column.type().isBuiltIn()) {
                return Optional.empty();
            }
            switch (column.type().name()) {
                case "int2", "int4", "int8" -> columns.add(Comparator.comparingLong(Long::parseLong));
                case "oid" -> columns.add(Comparator.comparing(BigInteger::new));
                case "uuid" -> columns.add(Comparator.naturalOrder());
                default -> {
                    return Optional.empty();
                }
            }
        }
        return columns.isEmpty() ? Optional.empty() : Optional.of(new KeyOrder(columns));
    }

    @Override
    public int compare(List<String> one, List<String> other) {
        for (int column = 0; column < columns.size(); column++) {
            int order = columns.get(column).compare(one.get(column), other.get(column));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
