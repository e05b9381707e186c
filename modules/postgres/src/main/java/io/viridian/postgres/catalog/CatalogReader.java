package io.viridian.postgres.catalog;

import io.viridian.plan.Catalog;
import io.viridian.plan.ColumnShape;
import io.viridian.plan.RowIdentity;
import io.viridian.plan.SequenceName;
import io.viridian.plan.TableName;
import io.viridian.plan.TableShape;
import io.viridian.plan.TypeName;
import io.viridian.postgres.Row;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the user tables and sequences of one database (manual 14-18, chapter 53). Leaf partitions are told as part of
 * their root, our own schema and those of extensions are left out. Four queries, whatever the number of tables.
 */
public final class CatalogReader {
    private static final String USER_SCHEMA = """
             n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'viridian')
             and not exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
            """;

    private static final String TABLES = """
            select n.nspname, c.relname, c.oid::bigint, c.relkind = 'p', c.relreplident::text,
                   case when c.relkind = 'p'
                        then coalesce((select sum(pg_table_size(t.relid)) from pg_partition_tree(c.oid) t where t.isleaf), 0)
                        else pg_table_size(c.oid) end::bigint,
                   c.reltuples::bigint
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence = 'p' and
            """ + USER_SCHEMA + " order by 1, 2";

    private static final String TABLE_NAMES = """
            select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence = 'p' and
            """ + USER_SCHEMA + " order by 1, 2";

    private static final String COLUMNS = """
            select n.nspname, c.relname, a.attname, tn.nspname, t.typname, format_type(a.atttypid, a.atttypmod),
                   a.attnotnull, a.attgenerated <> '',
                   a.atthasdef or a.attidentity <> '', a.attidentity = 'a', a.attlen = -1 and a.attstorage <> 'p'
            from pg_attribute a
            join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
            join pg_type t on t.oid = a.atttypid join pg_namespace tn on tn.oid = t.typnamespace
            where a.attnum > 0 and not a.attisdropped
              and c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence = 'p' and
            """ + USER_SCHEMA + " order by 1, 2, a.attnum";

    private static final String UNIQUE_KEYS = """
            select n.nspname, c.relname, i.indisprimary, i.indisreplident,
                   array(select a.attname::text from unnest(i.indkey::int2[]) with ordinality k(attnum, position)
                         join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
                         where k.position <= i.indnkeyatts order by k.position),
                   not exists (select 1 from unnest(i.indkey::int2[]) with ordinality k(attnum, position)
                         join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
                         where k.position <= i.indnkeyatts and not a.attnotnull)
            from pg_index i
            join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
            where i.indisunique and i.indisvalid and i.indimmediate and i.indpred is null and i.indexprs is null
              and c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence = 'p' and
            """ + USER_SCHEMA + " order by 1, 2, i.indexrelid";

    private static final String PARTITIONS = """
            select n.nspname, c.relname, ln.nspname, l.relname
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            cross join lateral pg_partition_tree(c.oid) p
            join pg_class l on l.oid = p.relid join pg_namespace ln on ln.oid = l.relnamespace
            where c.relkind = 'p' and not c.relispartition and p.isleaf and l.relkind = 'r' and
            """ + USER_SCHEMA + " order by 1, 2, 3, 4";

    private static final String SEQUENCES = """
            select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'S' and c.relpersistence = 'p' and
            """ + USER_SCHEMA + " order by 1, 2";

    private CatalogReader() {}

    public static Catalog read(Session session) {
        Map<TableName, List<ColumnShape>> columns = new HashMap<>();
        session.list(COLUMNS, row -> grouped(columns, row, column(row)));
        Map<TableName, List<UniqueKey>> keys = new HashMap<>();
        session.list(
                UNIQUE_KEYS,
                row -> grouped(keys, row, new UniqueKey(row.truth(3), row.truth(4), row.truth(6), row.texts(5))));
        Map<TableName, List<TableName>> partitions = new HashMap<>();
        session.list(PARTITIONS, row -> grouped(partitions, row, new TableName(row.text(3), row.text(4))));
        List<TableShape> tables = session.list(TABLES, row -> {
            TableName name = new TableName(row.text(1), row.text(2));
            return table(
                    name,
                    row,
                    columns.getOrDefault(name, List.of()),
                    keys.getOrDefault(name, List.of()),
                    partitions.getOrDefault(name, List.of()));
        });
        List<SequenceName> sequences = session.list(SEQUENCES, row -> new SequenceName(row.text(1), row.text(2)));
        return new Catalog(tables, sequences);
    }

    /** The tables alone; cheap enough to be asked all the time. */
    public static List<TableName> tableNames(Session session) {
        return session.list(TABLE_NAMES, row -> new TableName(row.text(1), row.text(2)));
    }

    private record UniqueKey(boolean primary, boolean replicaIdentity, boolean notNull, List<String> columns) {}

    private static <T> boolean grouped(Map<TableName, List<T>> groups, Row row, T value) {
        return groups.computeIfAbsent(new TableName(row.text(1), row.text(2)), _ -> new ArrayList<>())
                .add(value);
    }

    private static ColumnShape column(Row row) {
        return new ColumnShape(
                row.text(3),
                new TypeName(row.text(4), row.text(5)),
                row.text(6),
                row.truth(7),
                row.truth(8),
                row.truth(9),
                row.truth(10),
                row.truth(11));
    }

    private static TableShape table(
            TableName name, Row row, List<ColumnShape> columns, List<UniqueKey> keys, List<TableName> partitions) {
        List<String> primary = keys.stream()
                .filter(UniqueKey::primary)
                .findFirst()
                .map(UniqueKey::columns)
                .orElse(List.of());
        List<List<String>> unique = keys.stream()
                .filter(key -> !key.primary() && key.notNull())
                .map(UniqueKey::columns)
                .toList();
        return new TableShape(
                name,
                row.number(3),
                columns,
                primary,
                identity(row.text(5), primary, keys),
                unique,
                partitions,
                row.truth(4),
                row.number(6),
                row.number(7));
    }

    private static RowIdentity identity(String setting, List<String> primary, List<UniqueKey> keys) {
        return switch (setting) {
            case "d" -> primary.isEmpty() ? new RowIdentity.Absent() : new RowIdentity.Key(primary);
            case "i" -> {
                Optional<UniqueKey> named =
                        keys.stream().filter(UniqueKey::replicaIdentity).findFirst();
                yield named.isPresent() ? new RowIdentity.Key(named.get().columns()) : new RowIdentity.Absent();
            }
            case "f" -> primary.isEmpty() ? new RowIdentity.FullWithoutKey() : new RowIdentity.FullWithKey(primary);
            default -> new RowIdentity.Absent();
        };
    }
}
