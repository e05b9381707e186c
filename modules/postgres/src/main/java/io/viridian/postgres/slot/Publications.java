package io.viridian.postgres.slot;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.plan.Sql;
import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The publications of one database. Stateless; any thread.
 *
 * <p>The server looks at a publication as it was when a row was written: a table that was taken out sends nothing from
 * there on, and from 18 on a publication that is gone sends nothing at all, both without an error. So each bears a mark
 * of what it was made of, and one that does not agree with its mark may have kept rows back, even if it looks right
 * again.
 */
public final class Publications {
    /**
     * Another owner, name or option makes a row anew; a table that is taken out and put back comes with another id. The
     * hash is the one that servers have under every security policy.
     */
    private static final String MARK = """
            select encode(sha256(convert_to(p.oid || ' ' || p.xmin || coalesce((
                select string_agg(r.oid || ' ' || r.prrelid, ',' order by r.oid)
                from pg_publication_rel as r where r.prpubid = p.oid), ''), 'UTF8')), 'hex')
            from pg_publication as p where p.pubname = %s
            """;

    private static final String MARK_IT =
            "do $viridian$ begin execute format('comment on publication %%I is %%L', %1$s, ("
                    + MARK.replace("%s", "%1$s") + ")); end $viridian$";

    private static final String AS_MADE = """
            select coalesce(obj_description(p.oid, 'pg_publication') = (:mark), false)
            from pg_publication as p where p.pubname = ?
            """.replace(":mark", MARK.replace("%s", "?"));

    private Publications() {}

    /**
     * Creates the publication unless it is there. Never FOR ALL TABLES: a new table without identity would make the
     * application's UPDATE fail. Changes of partitions are published as changes of their root. In one transaction with
     * its mark.
     */
    public static void create(Session session, String publication, Collection<TableName> tables) {
        if (exists(session, publication)) {
            return;
        }
        String list = tables.stream().map(TableName::sql).collect(Collectors.joining(", "));
        session.transaction(() -> {
            session.execute("create publication " + Sql.identifier(publication) + " for table " + list
                    + " with (publish = 'insert, update, delete, truncate', publish_via_partition_root = true)");
            session.execute(MARK_IT.formatted(Sql.literal(publication)));
        });
    }

    /**
     * Demands that the publication is the one that was made, and that nobody has changed it since: then every row that
     * was committed up to now was published.
     *
     * @throws io.viridian.fault.FaultException with PUBLICATION_CHANGED
     */
    public static void requireAsMade(Session session, String publication) {
        Optional<Boolean> asMade = session.first(AS_MADE, row -> row.truth(1), publication, publication);
        if (asMade.isEmpty() || !asMade.get()) {
            throw Fault.about(
                            FaultCode.PUBLICATION_CHANGED,
                            publication,
                            "publication " + publication + " on "
                                    + session.side().text()
                                    + (asMade.isEmpty() ? " is gone" : " is not as it was made")
                                    + ": rows that were written since may be missing in the stream")
                    .asException();
        }
    }

    public static boolean exists(Session session, String publication) {
        return session.first("select 1 from pg_publication where pubname = ?", row -> true, publication)
                .isPresent();
    }

    public static void drop(Session session, String publication) {
        session.execute("drop publication if exists " + Sql.identifier(publication));
    }
}
