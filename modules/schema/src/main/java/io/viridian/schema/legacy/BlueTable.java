package io.viridian.schema.legacy;

import io.viridian.plan.SequenceName;
import io.viridian.plan.TableName;
import io.viridian.postgres.Row;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One of blue's tables as an application knows it: what the plan does not say of it.
 *
 * @param columns all of them, in order
 * @param grants who may do what with it
 * @param dependents what happens to rows of other tables when a row of it is deleted
 */
record BlueTable(TableName name, List<Column> columns, List<Grant> grants, List<Dependent> dependents) {
    /** With an empty search path every name in an expression comes with its schema (manual 14-18, section 5.9.3). */
    private static final String PATH = "set local search_path = ''";

    private static final String COLUMNS = """
            select n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                   case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end,
                   case when a.attgenerated <> '' then pg_get_expr(d.adbin, d.adrelid) end,
                   s.nspname, s.relname
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
            left join lateral (
                select sn.nspname, q.relname from pg_depend p
                join pg_class q on q.relkind = 'S'
                    and q.oid = case when p.classid = 'pg_attrdef'::regclass then p.refobjid else p.objid end
                join pg_namespace sn on sn.oid = q.relnamespace
                where p.refclassid = 'pg_class'::regclass
                    and (p.classid = 'pg_attrdef'::regclass and p.objid = d.oid
                         or p.classid = 'pg_class'::regclass and p.refobjid = c.oid and p.refobjsubid = a.attnum
                             and p.deptype = 'i')
                limit 1) s on true
            where c.oid = any(?::text[]::regclass[]) order by c.oid, a.attnum
            """;

    /** Whoever owns a table may do everything with it, said or not. */
    private static final String GRANTS = """
            select n.nspname, c.relname, coalesce(r.rolname, 'public'), a.grantee = 0, a.privilege_type
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            cross join lateral aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
            left join pg_roles r on r.oid = a.grantee
            where c.oid = any(?::text[]::regclass[])
                and a.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
            order by c.oid, 3, 5
            """;

    /** The clones of a constraint that partitions have go with it (manual 14-18, section 52.13). */
    private static final String DEPENDENTS = """
            select n.nspname, c.relname, kn.nspname, kc.relname, k.confdeltype = 'c',
                   array(select a.attname::text from unnest(k.conkey) with ordinality as x(number, place)
                         join pg_attribute a on a.attrelid = k.conrelid and a.attnum = x.number order by x.place),
                   array(select a.attname::text from unnest(k.confkey) with ordinality as x(number, place)
                         join pg_attribute a on a.attrelid = k.confrelid and a.attnum = x.number order by x.place)
            from pg_constraint k
            join pg_class c on c.oid = k.confrelid join pg_namespace n on n.oid = c.relnamespace
            join pg_class kc on kc.oid = k.conrelid join pg_namespace kn on kn.oid = kc.relnamespace
            where k.contype = 'f' and k.confdeltype in ('c', 'n') and k.conparentid = 0
                and c.oid = any(?::text[]::regclass[])
            order by c.oid, k.oid
            """;

    BlueTable {
        columns = List.copyOf(columns);
        grants = List.copyOf(grants);
        dependents = List.copyOf(dependents);
    }

    /**
     * A column.
     *
     * @param declared its type with the modifier
     * @param otherwise what it is when an insert does not say, as SQL
     * @param sequence the one that numbers it
     * @param generated what it always is, as SQL over the other columns
     */
    record Column(
            String name,
            String declared,
            Optional<String> otherwise,
            Optional<SequenceName> sequence,
            Optional<String> generated) {}

    /** @param everybody whether that is no role, but all of them */
    record Grant(String role, boolean everybody, String privilege) {}

    /**
     * A foreign key with ON DELETE CASCADE or SET NULL.
     *
     * @param cascades whether the other row goes too, or forgets this one
     * @param columns of the other table, that refer to {@code keys}
     */
    record Dependent(TableName table, boolean cascades, List<String> columns, List<String> keys) {
        Dependent {
            columns = List.copyOf(columns);
            keys = List.copyOf(keys);
        }
    }

    /** In the order in which they were made on blue. */
    static List<BlueTable> read(Session blue, Collection<TableName> tables) {
        return blue.transaction(() -> {
            String[] names = tables.stream().map(TableName::sql).toArray(String[]::new);
            blue.execute(PATH);
            Map<TableName, List<Column>> columns = new LinkedHashMap<>();
            blue.list(
                    COLUMNS,
                    row -> columns.computeIfAbsent(table(row), _ -> new ArrayList<>())
                            .add(column(row)),
                    (Object) names);
            Map<TableName, List<Grant>> grants = new LinkedHashMap<>();
            blue.list(
                    GRANTS,
                    row -> grants.computeIfAbsent(table(row), _ -> new ArrayList<>())
                            .add(new Grant(row.text(3), row.truth(4), row.text(5))),
                    (Object) names);
            Map<TableName, List<Dependent>> dependents = new LinkedHashMap<>();
            blue.list(
                    DEPENDENTS,
                    row -> dependents
                            .computeIfAbsent(table(row), _ -> new ArrayList<>())
                            .add(new Dependent(
                                    new TableName(row.text(3), row.text(4)), row.truth(5), row.texts(6), row.texts(7))),
                    (Object) names);
            return columns.entrySet().stream()
                    .map(one -> new BlueTable(
                            one.getKey(),
                            one.getValue(),
                            grants.getOrDefault(one.getKey(), List.of()),
                            dependents.getOrDefault(one.getKey(), List.of())))
                    .toList();
        });
    }

    private static TableName table(Row row) {
        return new TableName(row.text(1), row.text(2));
    }

    private static Column column(Row row) {
        return new Column(
                row.text(3),
                row.text(4),
                row.optionalText(5),
                row.optionalText(7).map(schema -> new SequenceName(schema, row.text(8))),
                row.optionalText(6));
    }
}
