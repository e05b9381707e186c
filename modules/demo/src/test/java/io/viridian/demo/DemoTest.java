package io.viridian.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.testkit.ledger.LedgerConfig;
import io.viridian.testkit.server.ServerPair;
import io.viridian.time.Clock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The demonstration as {@code make demo} shows it, with a smaller shop and less time. */
@Timeout(180)
class DemoTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void endsWellWhenNothingIsLostDoubledInventedOrLeftBehind() throws Exception {
        int exit = run("demo_well", Demo.Mischief.NONE);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .containsPattern("ledger: acknowledged [1-9][0-9]*, lost 0, doubled 0, invented 0\n")
                .contains("nothing of Viridian is left on either server")
                .containsPattern("second cutover +[0-9,]+ ms")
                .doesNotContain("left behind");
        assertThat(exit).as(printed.toString(StandardCharsets.UTF_8)).isZero();
    }

    @Test
    void noticesAnOrderThatWentBehindItsBack() throws Exception {
        int exit = run("demo_ill", DemoTest::removeAnOrder);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .containsPattern("ledger: acknowledged [1-9][0-9]*, lost 1, doubled 0, invented 0\n")
                .contains(" is lost");
        assertThat(exit).isEqualTo(12);
    }

    private int run(String database, Demo.Mischief mischief) throws InterruptedException {
        DemoSettings small = new DemoSettings(
                Examples.shop(), 200, LedgerConfig.Volume.small(), Duration.ofMillis(500), 0, false, Map.of());
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        return new Demo(small, out, Clock.system()).run(ServerPair.shared(14, 18), database, mischief);
    }

    private static void removeAnOrder(Stage stage) throws SQLException {
        try (Connection green = stage.green();
                Statement statement = green.createStatement()) {
            statement.execute("""
                    create temp table gone as
                    select id from sales.purchase where number like 'D%' order by id limit 1;
                    delete from sales.purchase_line where purchase_id in (select id from gone);
                    delete from sales.purchase where id in (select id from gone)
                    """);
        }
    }
}
