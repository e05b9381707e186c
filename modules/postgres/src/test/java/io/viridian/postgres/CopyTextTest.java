package io.viridian.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.FaultException;
import io.viridian.plan.Side;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.SharedServers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CopyTextTest {
    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void everyTextArrivesAsItIs(int version) throws Exception {
        StringBuilder every = new StringBuilder();
        for (int code = 1; code < 0x3000; code++) {
            every.appendCodePoint(code);
        }
        List<@Nullable String> texts = Arrays.asList(
                null,
                "",
                "\\N",
                "\\.",
                "\\",
                "tab\there",
                "line\nline\r\nline",
                "\b\f\u000b",
                "'quoted' \"twice\"",
                "\ud83d\udc18 elephant",
                every.toString(),
                "x".repeat(200_000),
                "\\".repeat(70_000));
        PostgresServer server = SharedServers.green(version);
        try (Database database = database(server);
                Session session = database.open("test")) {
            session.execute("create table copied (n int, value text, last text)");
            long rows = session.copyIn("copy copied from stdin", out -> {
                for (int n = 0; n < texts.size(); n++) {
                    out.value(String.valueOf(n));
                    out.value(texts.get(n));
                    out.value("end");
                    out.endRow();
                }
            });
            assertThat(rows).isEqualTo(texts.size());
            List<@Nullable String> found = new ArrayList<>();
            session.list(
                    "select value from copied where last = 'end' order by n", row -> found.add(row.nullableText(1)));
            assertThat(found).isEqualTo(texts);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = 18)
    void aRowThatIsRefusedFailsTheTransactionAndNotTheSession(int version) throws Exception {
        try (Database database = database(SharedServers.green(version));
                Session session = database.open("test")) {
            session.execute("create table copied (n int primary key)");
            session.begin();
            session.execute("savepoint before");
            assertThatThrownBy(() -> session.copyIn("copy copied from stdin", out -> {
                        for (String value : List.of("1", "2", "one")) {
                            out.value(value);
                            out.endRow();
                        }
                    }))
                    .isInstanceOfSatisfying(
                            FaultException.class,
                            failure -> assertThat(failure.fault().sqlState()).isEqualTo("22P02"));
            session.execute("rollback to savepoint before");
            assertThat(session.copyIn("copy copied from stdin", out -> {
                        out.value("3");
                        out.endRow();
                    }))
                    .isEqualTo(1);
            session.commit();
            assertThat(session.<Long>one("select sum(n) from copied", row -> row.number(1)))
                    .isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = 18)
    void aWriterThatFailsLeavesTheSessionUsable(int version) throws Exception {
        try (Database database = database(SharedServers.green(version));
                Session session = database.open("test")) {
            session.execute("create table copied (n int)");
            assertThatThrownBy(() -> session.copyIn("copy copied from stdin", out -> {
                        out.value("1");
                        out.endRow();
                        throw new IllegalStateException("no more");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(session.<Long>one("select count(*) from copied", row -> row.number(1)))
                    .isZero();
        }
    }

    private static Database database(PostgresServer server) throws Exception {
        String name = server.freshDatabase("copy");
        return new Database(
                new Endpoint(Side.GREEN, server.jdbcUrl(name), Map.of("user", server.superuser())), "viridian test");
    }
}
