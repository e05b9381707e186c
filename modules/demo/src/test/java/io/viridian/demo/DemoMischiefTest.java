package io.viridian.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A ledger that cannot tell a loss would prove nothing. The ledger itself is broken on purpose in its own tests. */
@Tag("chaos")
@Timeout(180)
class DemoMischiefTest {

    @Test
    void noticesAnOrderThatWentBehindItsBack() throws Exception {
        SmallDemo demo = new SmallDemo();
        int exit = demo.run("demo_ill", DemoMischiefTest::removeAnOrder);
        assertThat(demo.printed())
                .containsPattern("ledger: acknowledged [1-9][0-9]*, lost 1, doubled 0, invented 0\n")
                .contains(" is lost");
        assertThat(exit).isEqualTo(12);
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
