package io.viridian.replication.lane;

import io.viridian.plan.Route;
import io.viridian.plan.SourceColumn;
import io.viridian.plan.Sql;
import io.viridian.plan.TypeName;
import io.viridian.postgres.Database;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The object ids, on the source, of the types that a plan knows by name: the stream describes columns by them. */
final class SourceTypes {
    private SourceTypes() {}

    static Map<TypeName, Long> of(Collection<Route> routes, Database source) {
        Set<TypeName> types = routes.stream()
                .flatMap(route -> route.sourceColumns().stream())
                .map(SourceColumn::type)
                .collect(Collectors.toSet());
        String names = types.stream()
                .map(type -> "(" + Sql.literal(type.schema()) + ", " + Sql.literal(type.name()) + ")")
                .collect(Collectors.joining(", "));
        Map<TypeName, Long> oids = new HashMap<>();
        if (!types.isEmpty()) {
            source.run(session -> session.list(
                    "select n.nspname, t.typname, t.oid::bigint from pg_type t join pg_namespace n on n.oid = t.typnamespace "
                            + "where (n.nspname, t.typname) in (" + names + ")",
                    row -> oids.put(new TypeName(row.text(1), row.text(2)), row.number(3))));
        }
        return oids;
    }
}
