package io.viridian.verification;

import io.viridian.plan.TypeName;
import java.util.List;

/**
 * The rows of one side of a route, as a relation with the target's columns in the target's types. Both sides of a route
 * have images of the same shape, so everything built on an image serves both.
 *
 * @param sql a SELECT that names its columns {@code c0}, {@code c1}, …
 * @param columns all columns, in the route's order
 * @param key those that name a row; empty for a multiset
 */
record Image(String sql, List<Column> columns, List<Column> key) {
    Image {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    /**
     * A column of the image.
     *
     * @param name on the target
     */
    record Column(int index, String name, TypeName type) {
        String sql() {
            return "c" + index;
        }
    }
}
