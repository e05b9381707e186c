package io.viridian.postgres.catalog;

import io.viridian.plan.TableName;
import java.util.Collection;

/** What the queries for keys of tables have in common. */
final class KeySql {
    /** As {@code member}: the tables that are named, and their partitions. */
    static final String MEMBER = """
            member as (
                select t.relid::oid as id from unnest(?::text[]) as named(name)
                cross join lateral (select named.name::regclass::oid as relid
                                    union select p.relid::oid from pg_partition_tree(named.name::regclass) p) t)
            """;

    /** Whether the columns {@code a} of a key are of types whose values are equal only when their texts are. */
    static final String PLAIN = """
            bool_and(a.atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'uuid'::regtype,
                'text'::regtype, 'varchar'::regtype))
            """;

    private KeySql() {}

    /** The parameter of {@link #MEMBER}. */
    static Object names(Collection<TableName> tables) {
        return tables.stream().map(TableName::sql).toArray(String[]::new);
    }
}
