package io.viridian.replication;

import io.viridian.plan.MappingSpec;
import io.viridian.plan.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A mapping that a number determines, with tables on both sides, and what every target must hold: the mapping evaluated
 * from scratch, as SQL on blue that knows nothing of routes, windows and chunks.
 */
final class RandomMapping {
    private static final int TABLES = 3;

    /** What a column can be made of, and of which type it then is. */
    private static final List<String[]> EXPRESSIONS = List.of(
            new String[] {"s.a", "int"},
            new String[] {"s.a::bigint * 7", "bigint"},
            new String[] {"s.b", "text"},
            new String[] {"upper(s.b)", "text"},
            new String[] {"coalesce(s.b, '') || ':' || s.k", "text"},
            new String[] {"(s.c * 100)::bigint", "bigint"},
            new String[] {"s.c", "numeric(12,1)"},
            new String[] {"s.d at time zone 'UTC'", "timestamp(0)"},
            new String[] {"s.e", "jsonb"},
            new String[] {"s.e ->> 'x'", "text"},
            new String[] {"jsonb_build_object('k', s.k, 'was', s.e -> 'x')", "jsonb"},
            new String[] {"case s.k when 0 then 'none' when 1 then 'one' else 'many' end", "text"},
            new String[] {"s.big", "text"},
            new String[] {"md5(s.big)", "text"},
            new String[] {"length(s.big) + s.k", "int"},
            new String[] {"'fixed'", "text"});

    private static final List<String> FILTERS =
            List.of("s.k % 2 = 0", "s.a > 500", "s.b is not null", "s.e -> 'x' is not null", "length(s.big) > 100");

    private final Random random;
    private final Map<String, List<MappingSpec.Rule>> rules = new TreeMap<>();
    private final Map<String, MappingSpec.Derive> derived = new TreeMap<>();
    private final Map<String, List<String>> scratch = new LinkedHashMap<>();
    private final StringBuilder green = new StringBuilder();

    RandomMapping(long seed) {
        random = new Random(seed);
        for (int table = 0; table < TABLES; table++) {
            switch (random.nextInt(6)) {
                case 0 -> alone(table, Optional.empty());
                case 1 -> alone(table, Optional.of(pick(FILTERS)));
                case 2 -> split(table);
                case 3 -> columns(table);
                case 4 -> expand(table);
                default -> derive(table);
            }
        }
        merge();
    }

    /** The tables on blue; those whose rows enter and leave, or are computed from several columns, carry them whole. */
    static String blue() {
        StringBuilder sql = new StringBuilder();
        for (int table = 0; table <= TABLES + 1; table++) {
            sql.append("""
                    create table t%1$d (id int primary key, k smallint not null, a int, b text, c numeric(10, 2),
                        d timestamptz, e jsonb, big text);
                    alter table t%1$d alter big set storage external, replica identity full;
                    """.formatted(table));
        }
        return sql.toString();
    }

    String green() {
        return green.toString();
    }

    MappingSpec spec() {
        List<MappingSpec.Target> targets = new ArrayList<>();
        rules.forEach((name, all) -> targets.add(new MappingSpec.Target(TableName.parse(name), all)));
        derived.forEach((name, derive) ->
                targets.add(new MappingSpec.Target(TableName.parse(name), List.of(), Optional.of(derive))));
        return new MappingSpec(targets, Map.of(), List.of(), List.of());
    }

    boolean derives() {
        return !derived.isEmpty();
    }

    List<String> targets() {
        return List.copyOf(scratch.keySet());
    }

    /** A query on blue that gives what the target holds. */
    String scratch(String target) {
        return String.join("\nunion all\n", scratch.getOrDefault(target, List.of()));
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private List<String[]> someColumns() {
        List<String[]> columns = new ArrayList<>();
        for (int column = 0; column <= random.nextInt(5); column++) {
            columns.add(pick(EXPRESSIONS));
        }
        return columns;
    }

    private void target(String name, String key, String primary, List<String[]> columns) {
        green.append("create table ").append(name).append(" (").append(key);
        for (int column = 0; column < columns.size(); column++) {
            green.append(", v").append(column).append(' ').append(columns.get(column)[1]);
        }
        green.append(", primary key (").append(primary).append("));\n");
    }

    private void rule(
            String target,
            String source,
            Optional<String> where,
            Optional<String> expand,
            Map<String, String> keys,
            List<String[]> columns) {
        List<MappingSpec.Assignment> assignments = new ArrayList<>();
        List<String> selected = new ArrayList<>();
        keys.forEach((name, expression) -> {
            assignments.add(new MappingSpec.Assignment(name, expression));
            selected.add(expression);
        });
        for (int column = 0; column < columns.size(); column++) {
            assignments.add(new MappingSpec.Assignment("v" + column, columns.get(column)[0]));
            selected.add("(" + columns.get(column)[0] + ")::" + columns.get(column)[1]);
        }
        rules.computeIfAbsent(target, _ -> new ArrayList<>())
                .add(new MappingSpec.Rule(TableName.parse(source), "s", where, expand, assignments, List.of()));
        scratch.computeIfAbsent(target, _ -> new ArrayList<>())
                .add("select " + String.join(", ", selected) + " from " + source + " s"
                        + expand.map(item -> " cross join lateral " + item).orElse("")
                        + where.map(condition -> " where " + condition).orElse(""));
    }

    private void alone(int table, Optional<String> where) {
        List<String[]> columns = someColumns();
        target("g" + table, "id bigint", "id", columns);
        rule(
                "g" + table,
                "t" + table,
                where,
                Optional.empty(),
                Map.of("id", random.nextBoolean() ? "s.id" : "s.id + 5000000"),
                columns);
    }

    private void split(int table) {
        int parts = 2 + random.nextInt(2);
        for (int part = 0; part < parts; part++) {
            List<String[]> columns = someColumns();
            String name = "g" + table + "_" + part;
            target(name, "id int", "id", columns);
            rule(name, "t" + table, Optional.of("s.k = " + part), Optional.empty(), Map.of("id", "s.id"), columns);
        }
    }

    private void columns(int table) {
        for (int part = 0; part < 2; part++) {
            List<String[]> columns = someColumns();
            String name = "g" + table + "_" + part;
            target(name, "id int", "id", columns);
            rule(name, "t" + table, Optional.empty(), Optional.empty(), Map.of("id", "s.id"), columns);
        }
    }

    private void expand(int table) {
        List<String[]> columns = someColumns();
        target("g" + table, "id int, n int", "id, n", columns);
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("id", "s.id");
        keys.put("n", "x.n");
        rule(
                "g" + table,
                "t" + table,
                random.nextBoolean() ? Optional.empty() : Optional.of(pick(FILTERS)),
                Optional.of("generate_series(1, s.k % 3) as x(n)"),
                keys,
                columns);
    }

    private void derive(int table) {
        String name = "g" + table;
        String query = random.nextBoolean()
                ? "select k::int as id, count(*) as v0, sum(a) as v1, max(b) as v2 from t%d group by k".formatted(table)
                : "select s.id, count(o.id) as v0, sum(o.a) as v1, min(s.b || o.b) as v2 from t%1$d s left join t%1$d o on o.k = s.k and o.id <> s.id group by s.id, s.b"
                        .formatted(table);
        String affected = query.contains("group by k")
                ? "select k::int as id from changed"
                : "select s.id from changed c join t%d s on s.k = c.k union select id from changed".formatted(table);
        green.append("create table ").append(name).append(" (id int primary key, v0 bigint, v1 bigint, v2 text);\n");
        derived.put(name, new MappingSpec.Derive(List.of("id"), query, Map.of(TableName.parse("t" + table), affected)));
        scratch.put(name, List.of(query));
    }

    /** Two tables more, into one. */
    private void merge() {
        List<String[]> columns = someColumns();
        target("merged", "id int, origin text", random.nextBoolean() ? "id, origin" : "origin, id", columns);
        for (int table = TABLES; table <= TABLES + 1; table++) {
            Map<String, String> keys = new LinkedHashMap<>();
            keys.put("id", "s.id");
            keys.put("origin", "'t" + table + "'");
            rule(
                    "merged",
                    "t" + table,
                    random.nextBoolean() ? Optional.empty() : Optional.of(pick(FILTERS)),
                    Optional.empty(),
                    keys,
                    columns);
        }
    }

    /** Rows to begin with. */
    String rows(int many) {
        StringBuilder sql = new StringBuilder();
        for (int table = 0; table <= TABLES + 1; table++) {
            sql.append("insert into t")
                    .append(table)
                    .append(" select n, n % 5, n * 37 % 1000, ")
                    .append("case when n % 7 > 0 then 'b' || n end, n / 3.0, ")
                    .append("timestamptz '2026-01-01 00:00:00+00' + n * interval '1.7 s', ")
                    .append("case n % 3 when 0 then '{\"x\": \"y\"}' when 1 then '{}' end::jsonb, ")
                    .append(
                            "case when n % 4 > 0 then repeat(md5(n::text), case when n % 10 = 0 then 200 else 1 end) end ")
                    .append("from generate_series(1, ")
                    .append(many)
                    .append(") n;\n");
        }
        return sql.toString();
    }

    /** A transaction of some application. */
    String transaction(int turn, int many) {
        List<String> statements = new ArrayList<>();
        for (int statement = 0; statement <= random.nextInt(3); statement++) {
            statements.add(statement(turn * 10 + statement, many));
        }
        return statements.stream().collect(Collectors.joining("; "));
    }

    private String statement(int turn, int many) {
        String table = "t" + random.nextInt(TABLES + 2);
        int low = 1 + random.nextInt(many);
        String some = " where id between %d and %d".formatted(low, low + random.nextInt(20));
        return switch (random.nextInt(12)) {
            case 0 ->
                "insert into %s select 10000 + %d * 10 + n, n, n, 'new', n, now(), '{\"x\": 1}', repeat('z', 5000) from generate_series(1, 3) n"
                        .formatted(table, turn);
            case 1 -> "update " + table + " set k = (k + 1) % 5" + some;
            case 2 -> "update " + table + " set a = 1000 - a, b = null" + some;
            case 3 -> "update " + table + " set c = c + 0.05, d = d + interval '1 h'" + some;
            case 4 -> "update " + table + " set e = jsonb_build_object('x', " + turn + ")" + some;
            case 5 -> "update " + table + " set big = repeat(md5(id::text || " + turn + "), 150)" + some;
            case 6 -> "update " + table + " set big = null, b = 'small'" + some;
            case 7 -> "update " + table + " set id = id + 100000 * (1 + " + turn + ")" + some;
            case 8 -> "delete from " + table + some;
            case 9 ->
                "delete from %1$s where id = %2$d; insert into %1$s (id, k, b) values (%2$d, 2, 'again')"
                        .formatted(table, low);
            case 10 -> "update " + table + " set b = b || '!' where k = " + random.nextInt(5);
            default ->
                random.nextInt(8) == 0
                        ? "truncate " + table
                        : "update " + table + " set k = 0 where id = " + low + "; update " + table
                                + " set k = 1 where id = " + low;
        };
    }
}
