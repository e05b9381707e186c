package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.plan.MappingSpec;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.testkit.server.ServerPair;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** Several tables into one. Rows may go from one table to the other. */
@ParameterizedClass(name = "from {0} to 18, told {1}")
@CsvSource({"14, BY_A_CONSTANT", "18, BY_A_CONSTANT", "14, BY_THE_KEY", "18, BY_THE_KEY"})
class MergedTablesTest {
    private static final String LARGE = "(select string_agg(md5(random()::text), '') from generate_series(1, 300))";

    private static final String BLUE = """
            create table orders (id int primary key, customer text, note text);
            create table archive (id int primary key, customer text, note text);
            """;

    private static final String GREEN = """
            create table purchase (id bigint primary key, customer text, note text, state text not null,
                                   extra text default 'none');
            """;

    /** What tells whose a row is. */
    enum Told {
        BY_A_CONSTANT("", "'open'", "'done'"),
        BY_THE_KEY(" + 100000", "'any'", "'any'");

        private final String offset;
        private final String open;
        private final String done;

        Told(String offset, String open, String done) {
            this.offset = offset;
            this.open = open;
            this.done = done;
        }

        MappingSpec mapping() {
            Rules orders = owning(Rules.from("orders", "purchase"), "t.id <= 100000")
                    .column("state", open)
                    .column("id", "s.id")
                    .column("customer", "upper(s.customer)")
                    .column("note", "s.note")
                    .inverse("id", "t.id::int")
                    .inverse("customer", "lower(t.customer)");
            return owning(orders.and("archive", "purchase"), "t.id > 100000")
                    .column("id", "s.id" + offset)
                    .column("customer", "upper(s.customer)")
                    .column("note", "s.note")
                    .column("state", done)
                    .inverse("id", "t.id::int" + offset.replace('+', '-'))
                    .inverse("customer", "lower(t.customer)")
                    .spec();
        }

        private Rules owning(Rules rule, String condition) {
            return this == BY_THE_KEY ? rule.owns(condition) : rule;
        }

        String expected() {
            return """
                    select id, upper(customer), md5(note), %s from orders
                    union all select id%s, upper(customer), md5(note), %s from archive
                    """.formatted(open, offset, done);
        }
    }

    @Parameter(0)
    int blueMajor;

    @Parameter(1)
    Told told;

    private Replica replica() {
        Replica replica = new Replica(
                ServerPair.shared(blueMajor, 18),
                told.mapping(),
                BLUE + "alter table orders replica identity full; alter table archive replica identity full;",
                GREEN + "alter table purchase replica identity full;");
        replica.connect();
        return replica;
    }

    private void assertMerged(Replica replica) {
        assertThat(replica.rows(
                        replica.green,
                        "select x::text from (select id, customer, md5(note), state from purchase) x order by 1"))
                .isEqualTo(replica.rows(replica.blue, "select x::text from (" + told.expected() + ") x order by 1"));
    }

    private static final List<String> CHANGES = List.of(
            "insert into orders values (101, 'new', 'n'), (102, 'new', " + LARGE + ")",
            "update orders set customer = 'changed' where id = 1",
            "update orders set customer = 'large stays' where id = 2",
            "update archive set note = 'n' where id = 52",
            "delete from orders where id = 3",
            "update orders set id = 103 where id = 4",
            "update archive set id = 104 where id = 53",
            // One transaction, and the row comes before it goes.
            "begin; insert into archive select * from orders where id = 5; delete from orders where id = 5; commit",
            "begin; delete from archive where id = 54; insert into orders values (54, 'back', 'n'); commit",
            "begin; insert into archive select * from orders where id = 6; delete from orders where id = 6; "
                    + "insert into orders select * from archive where id = 6; delete from archive where id = 6; commit",
            // Into the place that the other has left, by a change of the key.
            "begin; update orders set id = 105 where id = 7; update archive set id = 7 where id = 55; commit",
            "begin; update archive set id = 8 where id = 56; update orders set id = 56 where id = 8; commit");

    private static final String ALL_CHANGE_THE_TABLE =
            "begin; insert into archive select * from orders; delete from orders; commit";

    private static void fill(Replica replica) {
        replica.onBlue("insert into orders select i, 'c' || i, case when i % 2 = 0 then " + LARGE
                + " else 'n' end from generate_series(1, 20) i");
        replica.onBlue("insert into archive select i, 'c' || i, case when i % 2 = 0 then " + LARGE
                + " else 'n' end from generate_series(51, 70) i");
    }

    private FormChanges changes() {
        return new FormChanges(MergedTablesTest::fill, CHANGES, this::assertMerged);
    }

    @Test
    void rowsOfBothGoOnAndChangeTheTableTheyAreIn() throws Exception {
        try (Replica replica = replica()) {
            changes().eachByItself(replica);
        }
    }

    @Test
    void allOfItInOneWindowComesToTheSame() throws Exception {
        try (Replica replica = replica()) {
            changes().inOneWindow(replica);
        }
    }

    @Test
    void aTransactionLargerThanAWindowMovesRowsFromOneToTheOther() throws Exception {
        try (Replica replica = replica()) {
            replica.windowRows = 7;
            fill(replica);
            replica.onBlue(ALL_CHANGE_THE_TABLE);
            ApplyLane lane = replica.stream();
            replica.drain(lane);
            assertMerged(replica);
            replica.onBlue("begin; insert into orders select * from archive; delete from archive; commit");
            replica.drain(lane);
            assertMerged(replica);
            assertThat(lane.status().fault()).isEmpty();
        }
    }

    @Test
    void aTruncateEmptiesOnlyWhatCameFromThatTable() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.stream();
            fill(replica);
            replica.onBlue("begin; truncate archive; insert into archive values (1000, 'after', 'n'); commit");
            replica.drain(lane);
            assertMerged(replica);
            replica.onBlue("truncate orders, archive");
            replica.drain(lane);
            assertMerged(replica);
        }
    }

    @Test
    void whatNothingFeedsStaysWithTheRowUntilItGoes() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.stream();
            fill(replica);
            replica.drain(lane);
            replica.onGreen("update purchase set extra = 'touched'");
            replica.onBlue("update orders set customer = 'x' where id = 1; update orders set id = 101 where id = 2");
            replica.drain(lane);
            assertThat(replica.value(replica.green, "select count(*) from purchase where extra = 'touched'"))
                    .isEqualTo("40");
        }
    }

    @Test
    void bothAreCopiedWholeWhileTheirRowsChange() throws Exception {
        try (Replica replica = filled()) {
            changes().duringCopy(replica, lane -> replica.backfill(lane, 1L << 40, 256 * 1024), ALL_CHANGE_THE_TABLE);
        }
    }

    @Test
    void bothAreCopiedInRangesWhileTheirRowsChange() throws Exception {
        try (Replica replica = filled()) {
            changes().duringCopy(replica, replica::keyRanges, ALL_CHANGE_THE_TABLE);
        }
    }

    private Replica filled() {
        Replica replica = replica();
        replica.workers = 1;
        fill(replica);
        replica.onBlue("insert into orders select i, 'c', 'n' from generate_series(1001, 4000) i");
        replica.onBlue("insert into archive select i, 'c', 'n' from generate_series(10001, 14000) i");
        replica.onBlue("analyze");
        return replica;
    }
}
