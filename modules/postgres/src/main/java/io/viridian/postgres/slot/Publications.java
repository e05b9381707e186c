package io.viridian.postgres.slot;

import io.viridian.plan.Sql;
import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import java.util.Collection;
import java.util.stream.Collectors;

/** The publications of one database. Stateless; any thread. */
public final class Publications {
    private Publications() {}

    /**
     * Creates the publication unless it is there. Never FOR ALL TABLES: a new table without identity would make the
     * application's UPDATE fail. Changes of partitions are published as changes of their root.
     */
    public static void create(Session session, String publication, Collection<TableName> tables) {
        if (exists(session, publication)) {
            return;
        }
        String list = tables.stream().map(TableName::sql).collect(Collectors.joining(", "));
        session.execute("create publication " + Sql.identifier(publication) + " for table " + list
                + " with (publish = 'insert, update, delete, truncate', publish_via_partition_root = true)");
    }

    public static boolean exists(Session session, String publication) {
        return session.first("select 1 from pg_publication where pubname = ?", row -> true, publication)
                .isPresent();
    }

    public static void drop(Session session, String publication) {
        session.execute("drop publication if exists " + Sql.identifier(publication));
    }
}
