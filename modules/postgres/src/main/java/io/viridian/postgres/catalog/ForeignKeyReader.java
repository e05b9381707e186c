package io.viridian.postgres.catalog;

import io.viridian.plan.ForeignKey;
import io.viridian.plan.TableName;
import io.viridian.postgres.Row;
import io.viridian.postgres.Session;
import java.util.Collection;
import java.util.List;

/**
 * Reads foreign keys (manual 14-18, chapter 52, pg_constraint). One that is declared NOT ENFORCED, as PostgreSQL 18 and
 * later know it, promises nothing and is left out. Stateless; any thread.
 */
public final class ForeignKeyReader {
    /** The server keeps a key by triggers of its own; what they do is known where they are as they were made. */
    private static final String KEYS = """
            with :member, of_key as (
                select k.oid as id, array_agg(a.attname::text order by place) as columns,
                    array_agg(r.attname::text order by place) as referred,
                    :plain as plain,
                    bool_and(a.attcollation = r.attcollation) as collated
                from pg_constraint k cross join lateral unnest(k.conkey, k.confkey) with ordinality as c(one, other, place)
                join pg_attribute a on a.attrelid = k.conrelid and a.attnum = c.one
                join pg_attribute r on r.attrelid = k.confrelid and r.attnum = c.other
                where k.contype = 'f' group by k.oid)
            select k.conname, n.nspname, t.relname, f.columns, pn.nspname, p.relname, f.referred,
                case when not k.convalidated then 'is not validated'
                     when exists (select 1 from pg_trigger g where g.tgconstraint = k.oid and g.tgenabled <> 'O')
                         then 'has triggers that were switched off, or on for replicas'
                     when not f.plain then 'has a column that is no whole number, uuid or text'
                     when not f.collated then 'compares texts of two collations' end
            from pg_constraint k join of_key f on f.id = k.oid
            join pg_class t on t.oid = k.conrelid join pg_namespace n on n.oid = t.relnamespace
            join pg_class p on p.oid = k.confrelid join pg_namespace pn on pn.oid = p.relnamespace
            where k.conparentid = 0 and coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true)
              and (k.conrelid in (select id from member) or k.confrelid in (select id from member))
            order by 2, 3, 1
            """.replace(":member", KeySql.MEMBER).replace(":plain", KeySql.PLAIN);

    private ForeignKeyReader() {}

    /** The keys that these tables, or partitions of them, have or are referred to by. */
    public static List<ForeignKey> read(Session session, Collection<TableName> tables) {
        return session.list(KEYS, ForeignKeyReader::key, KeySql.names(tables));
    }

    private static ForeignKey key(Row row) {
        return new ForeignKey(
                row.text(1),
                new TableName(row.text(2), row.text(3)),
                row.texts(4),
                new TableName(row.text(5), row.text(6)),
                row.texts(7),
                row.optionalText(8));
    }
}
