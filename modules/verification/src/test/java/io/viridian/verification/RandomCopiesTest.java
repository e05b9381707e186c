package io.viridian.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.proof.Verification;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Random tables of many types: copies are always equal, and a copy without one of its rows never is. */
class RandomCopiesTest {
    private static final int TABLES = 12;
    private static final int ROWS = 40;

    /** A type with values that are easily got wrong; every value is a literal of that type. */
    private record Kind(String type, List<String> values) {}

    private static final List<Kind> KINDS = List.of(
            new Kind("int2", List.of("0", "-32768", "32767")),
            new Kind("int4", List.of("0", "-1", "2147483647")),
            new Kind("int8", List.of("0", "-1", "4294967295", "4294967296", "-9223372036854775808")),
            new Kind("numeric", List.of("0", "-0.000", "1.0", "1.00", "NaN", "Infinity", "1e50", "-1e-50")),
            new Kind("numeric(12,3)", List.of("1.5", "-999999999.999")),
            new Kind("float4", List.of("-0", "0", "1e-38", "NaN", "-Infinity", "0.1")),
            new Kind("float8", List.of("-0", "0", "5e-324", "NaN", "Infinity", "0.1", "1e308")),
            new Kind("text", List.of("", " ", "NULL", "a\"b", "(,)", "\\", "ä€😀", "tab\there")),
            new Kind("varchar(30)", List.of("", "x ", "X", "x")),
            new Kind("char(5)", List.of("", "a", "abcde")),
            new Kind("\"char\"", List.of("a", "")),
            new Kind("name", List.of("pg_class", "")),
            new Kind("bool", List.of("true", "false")),
            new Kind("bytea", List.of("", "\\x", "\\x00", "\\xdeadbeef")),
            new Kind("date", List.of("infinity", "-infinity", "0001-01-01 BC", "2024-02-29")),
            new Kind("time", List.of("00:00", "24:00", "12:34:56.000001")),
            new Kind("timetz", List.of("12:00+02", "12:00-11:30")),
            new Kind("timestamp", List.of("infinity", "4713-01-01 BC", "2024-10-27 02:30")),
            new Kind("timestamptz", List.of("-infinity", "2024-10-27 02:30+02", "2024-10-27 02:30+01")),
            new Kind("interval", List.of("1 mon", "30 days", "720 h", "-1 year 2 days -3.000001 s")),
            new Kind("json", List.of("{}", "{ \"a\" : 1.0 }", "[1, 2]", "\"\"")),
            new Kind("jsonb", List.of("{\"b\": 1, \"a\": 1.00}", "null", "[]", "{\"a\": {\"b\": [\"ä\"]}}")),
            new Kind("jsonpath", List.of("$.a[*] ? (@ > 1)")),
            new Kind("text[]", List.of("{}", "{NULL}", "{\"NULL\"}", "{{a,b},{c,d}}", "[2:3]={x,y}")),
            new Kind("int4[]", List.of("{}", "{1,NULL}", "{{1},{2}}")),
            new Kind("uuid", List.of("00000000-0000-0000-0000-000000000000", "6ecd8c99-4036-403d-bf84-cf8400f67836")),
            new Kind("inet", List.of("10.0.0.1", "10.0.0.1/8", "::1")),
            new Kind("cidr", List.of("10.0.0.0/8")),
            new Kind("macaddr", List.of("08:00:2b:01:02:03")),
            new Kind("bit(3)", List.of("101", "000")),
            new Kind("varbit", List.of("", "0", "00")),
            new Kind("money", List.of("-0.01", "12345678.90")),
            new Kind("int4range", List.of("empty", "[1,5]", "(,)")),
            new Kind("int4multirange", List.of("{}", "{[1,2],[5,7)}")),
            new Kind("tsrange", List.of("[2024-01-01,infinity)")),
            new Kind("point", List.of("(0,-0)", "(1e-10,NaN)")),
            new Kind("polygon", List.of("((0,0),(1,1),(2,0))")),
            new Kind("xml", List.of("<a b=\"c\"/>", "text")),
            new Kind("tsvector", List.of("'a':1A 'b'", "")),
            new Kind("pg_lsn", List.of("0/0", "16/B374D848")),
            new Kind("oid", List.of("0", "4294967295")),
            new Kind("regclass", List.of("pg_class", "pg_type")),
            new Kind("mood", List.of("sad", "ok")),
            new Kind("mood[]", List.of("{sad,ok}", "{NULL}")),
            new Kind("pair", List.of("(1,)", "(,\"\")", "(2,\"a b\")")),
            new Kind("short", List.of("x", "yz")));

    @Test
    void copiesAreEqualAndWithoutOneRowTheyAreNot() throws Exception {
        long seed = new Random().nextLong();
        for (int[] versions : new int[][] {{14, 18}, {15, 17}}) {
            try (TestPair pair = TestPair.of(versions[0], versions[1])) {
                pair.both(
                        "create type mood as enum ('sad', 'ok')",
                        "create type pair as (a int, b text)",
                        "create domain short as varchar(3) check (length(value) < 3)");
                List<String> statements = statements(new Random(seed));
                pair.both(statements.toArray(String[]::new));
                for (HashTier tier : HashTier.values()) {
                    Verification verification =
                            pair.limits(TestPair.ONE_BY_ONE.withStrongest(tier)).verify();
                    assertThat(verification.differences()).as("seed %s", seed).isEmpty();
                    assertThat(verification.clean()).isTrue();
                    assertThat(verification.rows()).isEqualTo(TABLES * ROWS);
                }
                for (int table = 0; table < TABLES; table++) {
                    pair.onGreen("delete from t%d where ctid = (select max(ctid) from t%d)".formatted(table, table));
                }
                assertThat(pair.verify().tables()).as("seed %s", seed).allSatisfy(result -> {
                    assertThat(result.differing()).isEqualTo(1);
                    assertThat(result.equal()).isFalse();
                });
            }
        }
    }

    private static List<String> statements(Random random) {
        List<String> statements = new ArrayList<>();
        for (int table = 0; table < TABLES; table++) {
            List<Kind> columns = new ArrayList<>();
            int width = 1 + random.nextInt(20);
            for (int column = 0; column < width; column++) {
                columns.add(KINDS.get(random.nextInt(KINDS.size())));
            }
            boolean keyed = random.nextInt(4) > 0;
            String definition = IntStream.range(0, width)
                    .mapToObj(column -> "c" + column + " " + columns.get(column).type())
                    .collect(Collectors.joining(", "));
            statements.add("create table t%d (%s%s)".formatted(table, keyed ? "id int primary key, " : "", definition));
            if (!keyed) {
                statements.add("alter table t%d replica identity full".formatted(table));
            }
            for (int row = 0; row < ROWS; row++) {
                String values =
                        columns.stream().map(kind -> value(kind, random)).collect(Collectors.joining(", "));
                statements.add("insert into t%d values (%s%s)".formatted(table, keyed ? row + ", " : "", values));
            }
        }
        return statements;
    }

    private static String value(Kind kind, Random random) {
        if (random.nextInt(6) == 0) {
            return "null";
        }
        String value = kind.values().get(random.nextInt(kind.values().size()));
        return "'" + value.replace("'", "''") + "'";
    }
}
