package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.plan.Inversion;
import io.viridian.plan.MappingSpec;
import io.viridian.plan.TargetColumn;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.testkit.server.ServerPair;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What green's application writes and blue cannot hold is noted, row by row, in the commit that leads it back. */
@ParameterizedClass(name = "from 18 to {0}")
@ValueSource(ints = {14, 18})
class LossesTest {
    private static final String LARGE = "(select string_agg(md5(random()::text), '') from generate_series(1, 300))";

    private static final String BLUE = """
            create table items (id int primary key, title text not null, price numeric(10, 2) not null,
                archived boolean not null default false, body text);
            create table party (id int primary key, kind text not null, name text not null);
            create table plain (id int primary key, v text);
            alter table items replica identity full;
            alter table party replica identity full;
            """;

    private static final String GREEN = """
            create schema catalog;
            create table catalog.product (id bigint primary key, name text not null, price_tenths bigint not null,
                weight text, body text, stock int not null default 0);
            create table person (id int primary key, name text not null);
            create table company (id int primary key, name text not null);
            create table plain (id int primary key, v text, only_green text)
            """;

    private static final MappingSpec MAPPING = Rules.from("items", "catalog.product")
            .where("not s.archived")
            .column("id", "s.id::bigint")
            .column("name", "trim(s.title)")
            .column("price_tenths", "(price * 1000)::bigint")
            .column("weight", "upper(s.title)")
            .column("body", "s.body")
            .inverse("id", "t.id::int")
            .inverse("title", "name")
            .inverse("price", "t.price_tenths / 1000.0")
            .inverse("archived", "t.name like 'old %'")
            .and("party", "person")
            .where("s.kind = 'person'")
            .column("id", "s.id")
            .column("name", "s.name")
            .inverse("kind", "'person'")
            .and("party", "company")
            .where("s.kind = 'company'")
            .column("id", "s.id")
            .column("name", "initcap(s.name)")
            .inverse("kind", "'company'")
            .inverse("name", "t.name")
            .and("plain", "plain")
            .column("id", "s.id")
            .column("v", "s.v")
            .spec();

    @Parameter
    int blueMajor;

    private Replica replica() {
        Replica replica = new Replica(ServerPair.shared(blueMajor, 18), MAPPING, BLUE, GREEN);
        replica.connect();
        return replica;
    }

    private static List<String> lossy(Replica replica) {
        return replica.rows(replica.blue, "select target || key from viridian.lossy order by 1");
    }

    private static void after(Replica replica, ApplyLane lane, String statement, String... lossy) throws Exception {
        replica.onGreen(statement);
        replica.drainBack(lane);
        assertThat(lossy(replica)).as(statement).containsExactly(lossy);
        assertThat(lane.status().lossy()).as(statement).isEqualTo(lossy.length);
    }

    private static String product(int id) {
        return "\"catalog\".\"product\"{" + id + "}";
    }

    @Test
    void aRowIsNotedThatWouldComeAgainAsAnotherOne() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.wayBack();
            after(replica, lane, "insert into catalog.product values (1, 'lamp', 12500, 'LAMP', 'b', 7)");
            after(replica, lane, "insert into catalog.product values (2, 'desk', 80000, 'heavy', 'b')", product(2));
            after(
                    replica,
                    lane,
                    "insert into catalog.product values (3, ' x', 1000, ' X', 'b')",
                    product(2),
                    product(3));
            after(replica, lane, "update catalog.product set weight = 'DESK' where id = 2", product(3));
            after(
                    replica,
                    lane,
                    "update catalog.product set price_tenths = 12501 where id = 1",
                    product(1),
                    product(3));
            after(replica, lane, "update catalog.product set stock = 9", product(1), product(3));
            after(replica, lane, "update catalog.product set id = 4 where id = 3", product(1), product(4));
            after(replica, lane, "delete from catalog.product where id = 4", product(1));
            after(
                    replica,
                    lane,
                    "update catalog.product set name = 'old lamp', weight = 'OLD LAMP', price_tenths = 10"
                            + " where id = 1",
                    product(1));
            after(
                    replica,
                    lane,
                    "insert into catalog.product values (5, 'a', 10, 'heavy'), (6, 'b', 15, 'B')",
                    product(1),
                    product(5),
                    product(6));
            after(
                    replica,
                    lane,
                    "begin; update catalog.product set weight = 'A' where id = 5;"
                            + " update catalog.product set weight = 'x' where id = 5;"
                            + " update catalog.product set weight = 'A' where id = 5; commit",
                    product(1),
                    product(6));
            after(replica, lane, "truncate catalog.product");
            after(replica, lane, "insert into person values (1, 'ann'); insert into plain values (1, 'v', 'kept')");
            after(replica, lane, "insert into company values (2, 'acme'), (3, 'Acme')", "\"public\".\"company\"{2}");
        }
    }

    @Test
    void aMarkStaysWhileAValueIsUnknownThatMayBeTheReason() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.wayBack();
            replica.onGreen("alter table catalog.product alter body set storage external");
            after(
                    replica,
                    lane,
                    "insert into catalog.product values (1, 'lamp', 10, 'heavy', " + LARGE + ")",
                    product(1));

            after(replica, lane, "update catalog.product set stock = 1 where id = 1", product(1));
            after(replica, lane, "update catalog.product set weight = 'LAMP' where id = 1", product(1));

            after(replica, lane, "update catalog.product set body = 'small' where id = 1");
        }
    }

    @Test
    void theCountOutlivesTheDaemonAndEndsWithTheEpoch() throws Exception {
        try (Replica replica = replica()) {
            ApplyLane lane = replica.wayBack();
            after(replica, lane, "insert into catalog.product values (1, 'lamp', 10, 'heavy')", product(1));
            lane.stop();

            ApplyLane next = replica.laneBack();
            after(replica, next, "insert into catalog.product values (2, 'lamp', 10, 'heavy')", product(1), product(2));
            next.stop();

            replica.onBlue("update viridian.ownership set epoch = 3");
            after(replica, replica.laneBack(), "update catalog.product set weight = 'h' where id = 2", product(2));
        }
    }

    @Test
    void aPartThatBelongsToNoRowIsLostUntilTheRowComesWithIt() throws Exception {
        MappingSpec parts = Rules.from("customers", "customer")
                .column("id", "s.id")
                .column("name", "s.name")
                .and("customers", "address")
                .where("s.town is not null")
                .column("id", "s.id")
                .column("town", "s.town")
                .spec();
        try (Replica replica = new Replica(
                ServerPair.shared(blueMajor, 18),
                parts,
                "create table customers (id int primary key, name text, town text);"
                        + " alter table customers replica identity full",
                "create table customer (id int primary key, name text);"
                        + " create table address (id int primary key, town text); alter table address replica identity full")) {
            replica.connect();
            ApplyLane lane = replica.wayBack();
            String address = "\"public\".\"address\"{1}";
            after(replica, lane, "insert into address values (1, 'Ulm')", address);
            after(replica, lane, "insert into customer values (1, 'Ann')", address);
            after(replica, lane, "update address set town = 'Bonn'");
            assertThat(replica.rows(replica.blue, "select c::text from customers c"))
                    .containsExactly("(1,Ann,Bonn)");
            after(replica, lane, "update address set town = null", address);
            after(replica, lane, "delete from address");
        }
    }

    @Test
    void thePlanKnowsWhatIsLostWhatIsComputedAndWhatIsCopied() {
        try (Replica replica = replica()) {
            assertThat(replica.plan().inversions())
                    .filteredOn(one -> one.there().target().name().equals("product"))
                    .singleElement()
                    .satisfies(one -> {
                        assertThat(one.uncertain())
                                .extracting(TargetColumn::name)
                                .containsExactly("name", "price_tenths", "weight");
                        assertThat(one.irreversible()).containsExactly("weight");
                    });
            assertThat(replica.plan().inversions())
                    .filteredOn(one -> !one.canLose())
                    .extracting(one -> one.there().target().name())
                    .containsExactly("plain");
            assertThat(replica.plan().inversions())
                    .extracting(Inversion::irreversible)
                    .hasSize(4);
        }
    }
}
