package io.viridian.verification;

import io.viridian.plan.Sql;
import io.viridian.plan.TableName;
import io.viridian.plan.TargetColumn;
import io.viridian.plan.TypeName;
import io.viridian.postgres.Session;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What has to be known about one server before its rows are read.
 *
 * @param version like 150004
 * @param encoding of the database; decides the bytes that a text is hashed from
 * @param pages the planner's idea of the size of every table, {@link #NOT_PLAIN} when it is partitioned or missing
 * @param unknownTypes types this server does not have
 * @param hashes the probe's results by {@link NativeType} name, and {@link #TEXT_PROBE}
 */
record ServerFacts(
        int version, String encoding, Map<String, Long> pages, Set<String> unknownTypes, Map<String, String> hashes) {
    private static final long NOT_PLAIN = -1;
    static final String TEXT_PROBE = "row as text";

    private static final String QUERY = """
            select current_setting('server_version_num'), current_setting('server_encoding'),
                   array(select (case when c.relkind = 'r' then c.relpages else -1 end)::text
                         from unnest(?::text[]) with ordinality as t(name, position)
                         left join pg_class c on c.oid = to_regclass(t.name) order by t.position),
                   array(select t.name from unnest(?::text[]) as t(name) where to_regtype(t.name) is null),
                   array[%s]
            """.formatted(probes());

    ServerFacts {
        pages = Map.copyOf(pages);
        unknownTypes = Set.copyOf(unknownTypes);
        hashes = Map.copyOf(hashes);
    }

    static ServerFacts read(Session session, Collection<TableName> tables, Collection<TypeName> types) {
        String[] tableNames = tables.stream().map(TableName::sql).toArray(String[]::new);
        String[] typeNames = types.stream().map(TypeName::sql).toArray(String[]::new);
        return session.one(
                QUERY,
                row -> new ServerFacts(
                        Integer.parseInt(row.text(1)),
                        row.text(2),
                        pages(tableNames, row.texts(3)),
                        Set.copyOf(row.texts(4)),
                        named(row.texts(5))),
                tableNames,
                typeNames);
    }

    /**
     * The table for a FROM clause or a LOCK statement. Tables that inherit from a plain one are tables of their own.
     */
    String relation(TableName table) {
        return isPlain(table) ? "only " + table.sql() : table.sql();
    }

    /** How large the table is; one that is partitioned counts as large. */
    long size(TableName table) {
        return isPlain(table) ? pages.getOrDefault(table.sql(), 0L) : Long.MAX_VALUE;
    }

    private boolean isPlain(TableName table) {
        return pages.getOrDefault(table.sql(), NOT_PLAIN) != NOT_PLAIN;
    }

    /** The expression cast to the type, or as it is where the server has no such type: its text form is the same. */
    String cast(String expression, TypeName type) {
        return unknownTypes.contains(type.sql()) ? "(" + expression + ")" : "(" + expression + ")::" + type.sql();
    }

    /** What the target makes of the expression, rounded as its column rounds; see {@link #cast} for unknown types. */
    String stored(TargetColumn column) {
        return unknownTypes.contains(column.type().sql()) ? "(" + column.expression() + ")" : column.storedExpression();
    }

    private static String probes() {
        return NativeType.all().stream().map(ServerFacts::probe).collect(Collectors.joining(", "))
                + ", hashtextextended(row('', null, 'A b,\"c')::text collate \"C\", 1)::text";
    }

    private static String probe(NativeType type) {
        return type.samples().stream()
                .map(sample -> type.of("(" + Sql.literal(sample) + "::" + type.name() + ")"))
                .collect(Collectors.joining(", ", "hash_record_extended(row(", "), 1)::text"));
    }

    private static Map<String, Long> pages(String[] names, List<String> found) {
        Map<String, Long> pages = new HashMap<>();
        for (int index = 0; index < names.length; index++) {
            pages.put(names[index], Long.parseLong(found.get(index)));
        }
        return pages;
    }

    private static Map<String, String> named(List<String> results) {
        Map<String, String> hashes = new HashMap<>();
        for (int index = 0; index < NativeType.all().size(); index++) {
            hashes.put(NativeType.all().get(index).name(), results.get(index));
        }
        hashes.put(TEXT_PROBE, results.getLast());
        return hashes;
    }
}
