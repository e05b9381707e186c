package io.viridian.system.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.feed.CaptureLimits;
import io.viridian.feed.Change;
import io.viridian.feed.ChangeSource;
import io.viridian.feed.ChangeStream;
import io.viridian.feed.Tuple;
import io.viridian.feed.spool.SpoolSpace;
import io.viridian.plan.Side;
import io.viridian.plan.Sql;
import io.viridian.plan.TableName;
import io.viridian.position.Lsn;
import io.viridian.postgres.Database;
import io.viridian.postgres.Endpoint;
import io.viridian.postgres.slot.Origins;
import io.viridian.postgres.slot.Publications;
import io.viridian.postgres.slot.Slots;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.ServerPair;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a lane relies on, whatever engine reads the log: transactions whole and in commit order, rows with what they
 * changed and no more, origins, truncations and messages in their place, and after a restart exactly what was not
 * confirmed. An engine's tests extend this for each server version.
 */
public abstract class CaptureContract {
    /** Far more than anything here takes. */
    protected static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String SLOT = "contract";
    private static final String OURS = "contract_ours";
    private static final String LARGE =
            "(select string_agg(md5(i::text || clock_timestamp()), '') from" + " generate_series(1, 300) as i)";

    @TempDir
    Path directory;

    /** Where the slot lives. */
    protected Database database;

    private String name;

    /** Called before a test begins. */
    protected CaptureContract() {
        this.name = "";
        this.database = unopened();
    }

    /** The source under test. */
    protected abstract ChangeSource source(
            Database database, String slot, String publication, Set<String> ownOrigins, SpoolSpace space);

    /** Which server it reads. */
    protected abstract int majorVersion();

    private ServerPair servers() {
        return ServerPair.shared(majorVersion(), majorVersion());
    }

    private static Database unopened() {
        return new Database(new Endpoint(Side.BLUE, "jdbc:postgresql://localhost:1/none", Map.of()), "contract");
    }

    @BeforeEach
    void prepare() throws SQLException {
        name = servers().blue().freshDatabase("capture");
        database = new Database(
                new Endpoint(
                        Side.BLUE,
                        servers().blue().jdbcUrl(name),
                        Map.of("user", servers().blue().superuser())),
                "contract");
        run("""
                create table t (id int primary key, v text, n int default 0);
                create table other (id int primary key, body text, small int);
                create table keyless (a int, b text);
                alter table keyless replica identity full;
                """);
        database.run(session -> Publications.create(
                session,
                SLOT,
                List.of(
                        new TableName("public", "t"),
                        new TableName("public", "other"),
                        new TableName("public", "keyless"))));
        database.run(session -> Slots.create(session, SLOT));
        database.run(session -> Origins.create(session, OURS));
    }

    @AfterEach
    void remove() throws InterruptedException {
        Slots.drop(database, SLOT, PATIENCE);
        Origins.drop(database, OURS, PATIENCE);
        database.close();
    }

    /** Runs SQL on the source. */
    protected void run(String sql) {
        database.run(session -> session.execute(sql));
    }

    private Connection application() throws SQLException {
        Connection connection = servers().blue().connect(name);
        connection.setAutoCommit(false);
        return connection;
    }

    private ChangeSource source() {
        return source(database, SLOT, SLOT, Set.of(OURS), new SpoolSpace(directory, 64 * 1024));
    }

    /** A stream of the source under test. */
    protected ChangeStream open() {
        return source().open();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void rowsSayWhatTheyChanged() throws Exception {
        run("insert into t values (1, 'a'), (2, null)");
        run("update t set v = 'b' where id = 1");
        run("update t set id = 3 where id = 2");
        run("delete from t where id = 1");
        run("begin; insert into keyless values (1, 'x'); update keyless set b = 'y'; delete from keyless; commit");
        try (ChangeStream stream = open()) {
            List<List<Change>> transactions = Script.transactions(stream, 5);
            assertEquals(List.of("insert t (1, a, 0)", "insert t (2, null, 0)"), Script.lines(transactions.get(0)));
            assertEquals(List.of("update t (1, b, 0)"), Script.lines(transactions.get(1)));
            assertEquals(List.of("update t (2, null, null) to (3, null, 0)"), Script.lines(transactions.get(2)));
            assertEquals(List.of("delete t (1, null, null)"), Script.lines(transactions.get(3)));
            assertEquals(
                    List.of("insert keyless (1, x)", "update keyless (1, x) to (1, y)", "delete keyless (1, y)"),
                    Script.lines(transactions.get(4)));
        }
    }

    /** Types and values of which the text must mean the same value again. */
    private static final List<Map.Entry<String, String>> VALUES = List.of(
            Map.entry("bool", "true"),
            Map.entry("smallint", "-32768"),
            Map.entry("bigint", "9223372036854775807"),
            Map.entry("real", "1.1"),
            Map.entry("real", "-Infinity"),
            Map.entry("double precision", "0.30000000000000004"),
            Map.entry("double precision", "NaN"),
            Map.entry("double precision", "-0"),
            Map.entry("numeric", "123456789012345678901234567890.123456789"),
            Map.entry("numeric", "1e-20"),
            Map.entry("numeric", "0.000"),
            Map.entry("numeric", "NaN"),
            Map.entry("numeric", "-Infinity"),
            Map.entry("numeric(12,2)", "1234.50"),
            Map.entry("text", "tab\t new\n back\\ quote' \"dq\" {brace} ü 𝄞"),
            Map.entry("text", ""),
            Map.entry("char(8)", "ab"),
            Map.entry("\"char\"", "x"),
            Map.entry("name", "aName"),
            Map.entry("bytea", "\\x00ff5c"),
            Map.entry("bytea", ""),
            Map.entry("date", "2024-02-29"),
            Map.entry("date", "infinity"),
            Map.entry("date", "0044-03-15 BC"),
            Map.entry("date", "5874897-12-31"),
            Map.entry("date", "4713-01-01 BC"),
            Map.entry("time", "23:59:59.999999"),
            Map.entry("time", "24:00:00"),
            Map.entry("timetz", "12:00+05:30"),
            Map.entry("timestamp", "294276-12-31 23:59:59.999999"),
            Map.entry("timestamp", "-infinity"),
            Map.entry("timestamp", "4713-01-01 00:00:00 BC"),
            Map.entry("timestamp(0)", "2024-02-29 00:00:00"),
            Map.entry("timestamptz", "2024-03-31 02:30:00+00"),
            Map.entry("timestamptz", "0044-03-15 12:00:00+00 BC"),
            Map.entry("interval", "1 year 2 mons -3 days 04:05:06.7"),
            Map.entry("interval", "-1 days +02:03:00"),
            Map.entry("interval", "-00:00:00.000001"),
            Map.entry("interval", "178000000 years 11 mons -2147483648 days"),
            Map.entry("interval", "2147483647:59:59.999999"),
            Map.entry("interval", "-2147483647:59:59.999999"),
            Map.entry("interval", "1234567:59:59.999999"),
            Map.entry("money", "-12.34"),
            Map.entry("uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
            Map.entry("inet", "192.168.1.5/24"),
            Map.entry("macaddr8", "08:00:2b:01:02:03:04:05"),
            Map.entry("json", "{\"b\": 1,  \"a\": [1, null], \"b\": 2}"),
            Map.entry("jsonb", "null"),
            Map.entry("xml", "<a b=\"c\">d</a>"),
            Map.entry("bit(8)", "10110011"),
            Map.entry("varbit", "101"),
            Map.entry("int4range", "[1,5)"),
            Map.entry("tstzrange", "(,\"2024-01-01 00:00:00+00\"]"),
            Map.entry("point", "(1.5,-2)"),
            Map.entry("point", "(0.30000000000000004,1e300)"),
            Map.entry("point", "(Infinity,NaN)"),
            Map.entry("line", "{1,-1,0.1}"),
            Map.entry("lseg", "[(0,0),(1,1.25)]"),
            Map.entry("box", "(2,2),(0,0)"),
            Map.entry("polygon", "((0,0),(1,1),(2,0))"),
            Map.entry("path", "((0,0),(1,1))"),
            Map.entry("path", "[(0,0),(1,1)]"),
            Map.entry("circle", "<(1,2),3>"),
            Map.entry("int[]", "{1,NULL,3}"),
            Map.entry("text[]", "{\"a,b\",\"c\\\"d\",NULL,\"\",\"null\"}"),
            Map.entry("int[]", "{{1,2},{3,4}}"),
            Map.entry("numeric[]", "{1.50,NaN}"),
            Map.entry("tsvector", "'cat':2 'fat':1A"),
            Map.entry("pg_lsn", "16/B374D848"),
            Map.entry("regclass", "pg_class"),
            Map.entry("oid", "4294967295"),
            Map.entry("xid", "4294967295"),
            Map.entry("xid8", "18446744073709551615"),
            Map.entry("oidvector", "1 2"),
            Map.entry("tid", "(0,1)"),
            Map.entry("jsonpath", "$.\"a\""),
            Map.entry("tsquery", "'a' & 'b'"),
            Map.entry("int4multirange", "{[1,3),[5,7)}"),
            Map.entry("cidr", "10.0.0.0/8"),
            Map.entry("mood[]", "{sad,\"so so\"}"),
            Map.entry("pair[]", "{\"(1,a)\"}"),
            Map.entry("timetz[]", "{12:00:00+05:30}"),
            Map.entry("money[]", "{$1.50}"),
            Map.entry("numbers", "{1,2}"),
            Map.entry("moment", "2024-01-01 00:00:00"),
            Map.entry("mood", "so so"),
            Map.entry("pair", "(1,\"x, y\")"),
            Map.entry("positive", "5"));

    /** What a pre-flight check refuses for this engine. */
    protected abstract CaptureLimits limits();

    private boolean carries(String type) {
        return limits().types().getOrDefault(type, Integer.MAX_VALUE) > majorVersion();
    }

    @Test
    void theTextOfEveryValueMeansThatValue() throws Exception {
        List<Map.Entry<String, String>> values = Stream.concat(
                        VALUES.stream(),
                        majorVersion() < 17 ? Stream.of() : Stream.of(Map.entry("interval", "infinity")))
                .filter(value -> carries(value.getKey()))
                .toList();
        run("""
                create type mood as enum ('sad', 'so so');
                create type pair as (a int, b text);
                create domain positive as int check (value > 0);
                create domain numbers as int[];
                create domain moment as timestamp;
                """);
        run("create table kinds (id int primary key, "
                + IntStream.range(0, values.size())
                        .mapToObj(column ->
                                "c" + column + " " + values.get(column).getKey())
                        .collect(Collectors.joining(", "))
                + ")");
        run("alter publication " + SLOT + " add table kinds");
        run("insert into kinds values (1, "
                + values.stream().map(value -> Sql.literal(value.getValue())).collect(Collectors.joining(", ")) + ")");
        run("insert into kinds (id) values (2)");
        try (ChangeStream stream = open()) {
            List<List<Change>> transactions = Script.transactions(stream, 2);
            Tuple row = ((Change.Insert) transactions.get(0).get(2)).row();
            assertEquals(
                    List.of(),
                    IntStream.range(0, values.size())
                            .filter(column -> !means(row.value(column + 1), values.get(column), column))
                            .mapToObj(column -> values.get(column) + " came as " + row.value(column + 1))
                            .toList());
            Tuple nulls = ((Change.Insert) transactions.get(1).get(1)).row();
            for (int column = 1; column < nulls.size(); column++) {
                assertNull(nulls.value(column));
            }
        }
    }

    /** Whether the server reads the text as what it holds in that column. */
    private boolean means(@Nullable String text, Map.Entry<String, String> value, int column) {
        String question = "select (%s::%s)::text is not distinct from c%d::text from kinds where id = 1"
                .formatted(text == null ? "null" : Sql.literal(text), value.getKey(), column);
        return database.<Boolean>query(session -> session.one(question, answer -> answer.truth(1)));
    }

    @Test
    void transactionsComeWholeAndInTheOrderOfTheirCommits() throws Exception {
        try (Connection first = application();
                Connection second = application()) {
            execute(first, "insert into t values (1, 'first')");
            execute(second, "insert into t values (2, 'second')");
            execute(first, "savepoint s; insert into t values (10, 'gone'); rollback to s");
            execute(second, "update t set n = 1 where id = 2");
            second.commit();
            execute(first, "update t set n = 2 where id = 1");
            first.commit();
        }
        try (ChangeStream stream = open()) {
            List<List<Change>> transactions = Script.transactions(stream, 2);
            assertEquals(
                    List.of("insert t (2, second, 0)", "update t (2, second, 1)"), Script.lines(transactions.get(0)));
            assertEquals(
                    List.of("insert t (1, first, 0)", "update t (1, first, 2)"), Script.lines(transactions.get(1)));
            Lsn before = Lsn.ZERO;
            for (List<Change> transaction : transactions) {
                Change.Begin begin = (Change.Begin) transaction.getFirst();
                Change.Commit commit = (Change.Commit) transaction.getLast();
                assertFalse(
                        begin.commitLsn().isBefore(before), "a transaction begins before the end of the one before");
                assertTrue(commit.endLsn().isAfter(begin.commitLsn()), "a transaction ends before its commit");
                assertEquals(begin.commitLsn(), commit.commitLsn());
                before = commit.endLsn();
            }
        }
    }

    @Test
    void aTableIsDescribedBeforeItsFirstChangeAndAgainWhenItChanged() throws Exception {
        run("insert into t values (1, 'a')");
        run("alter table t add extra text");
        run("insert into t values (2, 'b', 0, 'more')");
        try (ChangeStream stream = open()) {
            List<List<Change>> transactions = Script.transactions(stream, 2);
            for (List<Change> transaction : transactions) {
                assertEquals(
                        1,
                        transaction.stream()
                                .filter(Change.Described.class::isInstance)
                                .count());
            }
            Change.SourceTable table = ((Change.Described) transactions.get(1).get(1)).table();
            assertEquals("public.t", table.name().toString());
            assertEquals('d', table.identity());
            assertEquals(
                    List.of("id true", "v false", "n false", "extra false"),
                    table.columns().stream()
                            .map(column -> column.name() + " " + column.partOfKey())
                            .toList());
            assertEquals(
                    List.of(23L, 25L, 23L, 25L),
                    table.columns().stream()
                            .map(Change.SourceTableColumn::typeOid)
                            .toList());
            assertEquals(List.of("insert t (2, b, 0, more)"), Script.lines(transactions.get(1)));
        }
    }

    @Test
    void largeValuesThatAnUpdateLeavesAloneAreNotCarried() throws Exception {
        run("insert into other values (1, " + LARGE + ", 1)");
        run("update other set small = 2");
        run("update other set body = 'short'");
        run("update other set id = 5");
        try (ChangeStream stream = open()) {
            List<List<Change>> transactions = Script.transactions(stream, 4);
            assertEquals(List.of("update other (1, unchanged, 2)"), Script.lines(transactions.get(1)));
            assertEquals(List.of("update other (1, short, 2)"), Script.lines(transactions.get(2)));
            assertEquals(List.of("update other (1, null, null) to (5, short, 2)"), Script.lines(transactions.get(3)));
        }
    }

    @Test
    void truncationsAndMessagesComeInTheirPlace() throws Exception {
        run("""
                begin;
                insert into t values (1, 'a');
                select pg_logical_emit_message(true, 'viridian', 'one|ü|𝄞');
                truncate t;
                select pg_logical_emit_message(true, 'else', '');
                insert into t values (2, 'b');
                commit
                """);
        run("truncate t, other restart identity");
        try (ChangeStream stream = open()) {
            List<List<Change>> transactions = Script.transactions(stream, 2);
            assertEquals(
                    List.of(
                            "insert t (1, a, 0)",
                            "message viridian: one|ü|𝄞",
                            "truncate t",
                            "message else: ",
                            "insert t (2, b, 0)"),
                    Script.lines(transactions.get(0)));
            Change.Begin begin = (Change.Begin) transactions.get(0).getFirst();
            Lsn position = transactions.get(0).stream()
                    .filter(Change.Message.class::isInstance)
                    .map(change -> ((Change.Message) change).position())
                    .findFirst()
                    .orElseThrow();
            assertTrue(position.isBefore(begin.commitLsn()), "a message lies before its commit");
        }
    }

    @Test
    void originsAreNamedAndRowsOfOursAreNotCarried() throws Exception {
        database.run(session -> Origins.create(session, "contract_other"));
        try (Connection other = application();
                Connection ours = application()) {
            execute(other, "select pg_replication_origin_session_setup('contract_other')");
            execute(other, "insert into t values (1, 'theirs')");
            other.commit();
            execute(ours, "select pg_replication_origin_session_setup('" + OURS + "')");
            execute(ours, "insert into t values (2, 'ours'); select pg_logical_emit_message(true, 'p', 'kept')");
            ours.commit();
            run("insert into t values (3, 'nobody')");
            try (ChangeStream stream = open()) {
                List<List<Change>> transactions = Script.transactions(stream, 3);
                assertEquals(
                        List.of("origin contract_other", "insert t (1, theirs, 0)"), Script.lines(transactions.get(0)));
                assertEquals(List.of("origin " + OURS, "message p: kept"), Script.lines(transactions.get(1)));
                assertEquals(List.of("insert t (3, nobody, 0)"), Script.lines(transactions.get(2)));
            }
        }
        Origins.drop(database, "contract_other", PATIENCE);
    }

    @Test
    void aRestartBeginsWithTheFirstTransactionThatIsNotConfirmed() throws Exception {
        int count = 6;
        for (int number = 1; number <= count; number++) {
            run("insert into t values (%d, 'v'); update t set n = n + 1".formatted(number));
        }
        for (int kept = 0; kept < count; kept++) {
            try (ChangeStream stream = open()) {
                List<List<Change>> transactions = Script.transactions(stream, count - kept);
                assertTrue(
                        Script.lines(transactions.getFirst()).contains("insert t (%d, v, 0)".formatted(kept + 1)),
                        "begins with transaction " + (kept + 1));
                Lsn end = ((Change.Commit) transactions.getFirst().getLast()).endLsn();
                stream.confirm(end);
                Await.until("the server knows what is confirmed", PATIENCE, () -> {
                    stream.poll(Duration.ofMillis(10));
                    return !confirmed().isBefore(end);
                });
                assertEquals(end, confirmed());
            }
        }
    }

    private Lsn confirmed() {
        return database.query(session -> Slots.inspect(session, SLOT))
                .orElseThrow()
                .confirmed();
    }

    @Test
    void namesOfEveryKindAreKept() throws Exception {
        String table = "\"S x.y\".\"T \"\"q\"\" ä\"";
        List<String> names = Stream.of("Id", "a.b c", "say \"so\"", "\"all\"", "select", "ünï")
                .filter(column -> !(limits().mixesNames() && column.startsWith("\"")))
                .toList();
        run("create schema \"S x.y\"");
        run("create table " + table
                + names.stream()
                        .map(column -> Sql.identifier(column) + " text")
                        .collect(Collectors.joining(", ", " (", ", primary key (\"Id\"))")));
        run("create table \"S x.y\".\"T 'q' ä\" (id int primary key, \"Größe\" int)");
        run("alter publication " + SLOT + " add table " + table + ", \"S x.y\".\"T 'q' ä\"");
        run("insert into " + table + " values ('b', 'c')");
        run("insert into \"S x.y\".\"T 'q' ä\" values (1, 2)");
        try (ChangeStream stream = open()) {
            List<List<Change>> transactions = Script.transactions(stream, 2);
            Change.Insert first = (Change.Insert) transactions.get(0).get(2);
            assertEquals(new TableName("S x.y", "T \"q\" ä"), first.table().name());
            assertEquals(
                    names,
                    first.table().columns().stream()
                            .map(Change.SourceTableColumn::name)
                            .toList());
            assertEquals("b", first.row().value(0));
            assertEquals("c", first.row().value(1));
            assertEquals(List.of("insert T 'q' ä (1, 2)"), Script.lines(transactions.get(1)));
        }
    }

    @Test
    void aConnectionThatBreaksIsToldAndTheNextStreamGoesOn() throws Exception {
        run("insert into t values (1, 'a')");
        try (ChangeStream stream = open()) {
            assertEquals(1, Script.transactions(stream, 1).size());
            run("select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = '" + SLOT + "'");
            run("insert into t values (2, 'b')");
            assertEquals(FaultCode.STREAM_BROKEN, failureOf(stream).code());
        }
        try (ChangeStream stream = open()) {
            assertEquals(
                    List.of("insert t (1, a, 0)"),
                    Script.lines(Script.transactions(stream, 1).getFirst()));
            assertEquals(
                    List.of("insert t (2, b, 0)"),
                    Script.lines(Script.transactions(stream, 1).getFirst()));
        }
    }

    @Test
    void aDatabaseThatIsSeveredTakesTheStreamWithIt() throws Exception {
        run("insert into t values (1, 'a')");
        Database other = new Database(database.endpoint(), "contract");
        try (ChangeStream stream = source(other, SLOT, SLOT, Set.of(OURS), new SpoolSpace(directory, 64 * 1024))
                .open()) {
            assertEquals(1, Script.transactions(stream, 1).size());
            other.sever();
            assertEquals(FaultCode.STREAM_BROKEN, failureOf(stream).code());
            Await.until("the slot is free", PATIENCE, () -> !active());
        }
    }

    private boolean active() {
        return database.query(session ->
                session.one("select active from pg_replication_slots where slot_name = ?", row -> row.truth(1), SLOT));
    }

    /** Reads on until the stream fails. */
    protected static Fault failureOf(ChangeStream stream) {
        Deadline by = Deadline.after(Clock.system(), PATIENCE);
        return assertThrows(FaultException.class, () -> {
                    while (!by.expired()) {
                        stream.poll(Duration.ofMillis(100));
                    }
                })
                .fault();
    }

    @Test
    void aLargeTransactionComesWhole() throws Exception {
        run("insert into t select i, repeat('v' || i, 10), i from generate_series(1, 20000) as i");
        ChangeSource source = source();
        try (ChangeStream stream = source.open()) {
            List<Change> transaction = Script.transactions(stream, 1).getFirst();
            assertEquals(
                    20_000,
                    transaction.stream().filter(Change.Insert.class::isInstance).count());
            stream.poll(Duration.ZERO);
            assertEquals(0, source.spooledBytes());
        }
    }

    @Test
    void aSlotThatIsReadBySomebodyElseOrGoneIsNamed() throws Exception {
        try (ChangeStream stream = open()) {
            run("insert into t values (1, 'a')");
            assertEquals(1, Script.transactions(stream, 1).size());
            assertEquals(FaultCode.SLOT_IN_USE, refusal());
        }
        Slots.drop(database, SLOT, PATIENCE);
        assertEquals(FaultCode.SLOT_LOST, refusal());
    }

    private FaultCode refusal() {
        FaultException refused = assertThrows(FaultException.class, () -> {
            try (ChangeStream stream = open()) {
                Script.transactions(stream, 1);
            }
        });
        assertTrue(refused.fault().detail().contains(SLOT), refused.fault().detail());
        return refused.code();
    }
}
