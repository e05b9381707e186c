package io.viridian.postgres.catalog;

import io.viridian.plan.TableName;
import io.viridian.plan.UniqueKey;
import io.viridian.postgres.Row;
import io.viridian.postgres.Session;
import java.util.Collection;
import java.util.List;

/**
 * Reads what tables hold once only, beside the primary key: unique indexes and exclusion constraints (manual 14-18,
 * chapter 52, pg_index). Stateless; any thread.
 */
public final class UniqueKeyReader {
    private static final String KEYS = """
            with :member, of_key as (
                select i.indexrelid as id, array_agg(a.attname::text order by place) as columns,
                    :plain as plain,
                    bool_and(coalesce(l.collisdeterministic, true)) as exact
                from pg_index i cross join lateral unnest(i.indkey::int2[]) with ordinality as k(number, place)
                join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number
                left join pg_collation l on l.oid = a.attcollation
                where k.place <= i.indnkeyatts group by i.indexrelid)
            select x.relname, n.nspname, t.relname, coalesce(f.columns, '{}'::text[]),
                case when i.indisexclusion then 'excludes values by an operator'
                     when i.indpred is not null then 'holds for some rows only'
                     when i.indexprs is not null then 'is over an expression'
                     when not i.indimmediate then 'is deferrable'
                     when not i.indisvalid then 'is not valid'
                     when coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) then 'takes nulls for equal'
                     when not f.plain then 'has a column that is no whole number, uuid or text'
                     when not f.exact then 'takes different texts for equal, by its collation' end
            from pg_index i join pg_class x on x.oid = i.indexrelid left join of_key f on f.id = i.indexrelid
            join pg_class t on t.oid = i.indrelid join pg_namespace n on n.oid = t.relnamespace
            where ((i.indisunique and not i.indisprimary) or i.indisexclusion) and i.indrelid in (select id from member)
              and not exists (select 1 from pg_inherits h where h.inhrelid = i.indexrelid)
            order by 2, 3, 1
            """.replace(":member", KeySql.MEMBER).replace(":plain", KeySql.PLAIN);

    private UniqueKeyReader() {}

    /** What these tables, or partitions of them, hold once only. */
    public static List<UniqueKey> read(Session session, Collection<TableName> tables) {
        return session.list(KEYS, UniqueKeyReader::key, KeySql.names(tables));
    }

    private static UniqueKey key(Row row) {
        return new UniqueKey(row.text(1), new TableName(row.text(2), row.text(3)), row.texts(4), row.optionalText(5));
    }
}
