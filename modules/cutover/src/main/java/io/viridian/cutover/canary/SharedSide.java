package io.viridian.cutover.canary;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.plan.RowPair;
import io.viridian.plan.Side;
import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What in a side's catalog keeps its tables from being written on both sides. Stateless; any thread. */
final class SharedSide {
    private static final String KEYS = """
            select named.name, a.attname, coalesce(l.collisdeterministic, true)
            from unnest(?::text[]) as named(name)
            join pg_index i on i.indrelid = named.name::regclass and i.indisprimary and i.indisvalid and i.indimmediate
            join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey::int2[])
            left join pg_collation l on l.oid = a.attcollation
            """;

    private SharedSide() {}

    /** A sentence for each thing that is in the way. */
    static List<String> obstacles(Session session, List<RowPair> pairs) {
        Side side = session.side();
        Object names = pairs.stream().map(pair -> pair.on(side).sql()).toArray(String[]::new);
        List<String> found = new ArrayList<>();
        Map<String, Set<String>> keys = new HashMap<>();
        session.list(
                KEYS,
                row -> {
                    keys.computeIfAbsent(row.text(1), _ -> new HashSet<>()).add(row.text(2));
                    if (!row.truth(3)) {
                        found.add(side.text() + "'s " + row.text(1) + ": two texts of its key column " + row.text(2)
                                + " can be one key, by its collation");
                    }
                    return true;
                },
                names);
        for (RowPair pair : pairs) {
            TableName table = pair.on(side);
            if (!Set.copyOf(pair.key(side)).equals(keys.get(table.sql()))) {
                found.add(side.text() + "'s " + table.sql() + ": its primary key is not " + pair.key(side));
            }
        }
        return found;
    }

    /** No later daemon has taken over; one that does waits for the commit. */
    static void requireOurs(Session session, String migration, long daemonEpoch) {
        long ours = session.update(
                "update viridian.progress set epoch = ? where migration = ? and epoch <= ?",
                daemonEpoch,
                migration,
                daemonEpoch);
        if (ours == 0) {
            throw Fault.about(
                            FaultCode.HELD_BY_ANOTHER,
                            migration,
                            "another daemon has taken over; this one neither opens nor closes "
                                    + session.side().text())
                    .asException();
        }
    }
}
