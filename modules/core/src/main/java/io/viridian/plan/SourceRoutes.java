package io.viridian.plan;

import java.util.List;

/**
 * A table with every route that reads it: one change of it is a change for each of them.
 *
 * @param routes at least one, all from this source
 */
public record SourceRoutes(RouteSource source, List<Route> routes) {
    public SourceRoutes {
        routes = List.copyOf(routes);
    }

    public TableName name() {
        return source.name();
    }

    /** Whether rows are named by a key; without one they are a multiset, applied one by one in order. */
    public boolean keyed() {
        return routes.getFirst().keyed();
    }
}
