package io.viridian.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Direction;
import io.viridian.plan.MappingSpec;
import io.viridian.plan.TableName;
import io.viridian.proof.Verification;
import io.viridian.testkit.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Comparing what was touched since the last verification, while writers go on. */
class VerifyTouchedTest {
    private static final TableName STOCK = TableName.parse("stock");
    private static final TableName LOOSE = TableName.parse("loose");

    /** A lane that falls behind for ever would be held for ever. */
    private static final int AHEAD = 50;

    private TestPair pair;

    @BeforeEach
    void open() throws SQLException {
        pair = TestPair.of(15, 17);
        pair.both("""
                create table stock (id int primary key, price numeric(10,2) not null);
                insert into stock select g, g / 4.0 from generate_series(1, 1000) g;
                create table loose (a int, b text);
                alter table loose replica identity full;
                insert into loose select g % 5, 'x' from generate_series(1, 50) g
                """);
    }

    @AfterEach
    void close() throws SQLException, InterruptedException {
        pair.close();
    }

    private Optional<Verification> verify(StillLane lane) throws InterruptedException {
        return pair.verifier().verifyTouched(Direction.FORWARD, lane, TestPair.deadline());
    }

    private static List<List<String>> keys(int... ids) {
        return IntStream.of(ids).mapToObj(id -> List.of(String.valueOf(id))).toList();
    }

    @Test
    void whatIsEqualIsForgottenAndTablesWithoutAKeyStayTouched() throws Exception {
        StillLane lane = new StillLane(Direction.FORWARD);
        lane.touched = Optional.of(Map.of(STOCK, keys(1, 2, 2000), LOOSE, List.of(List.of())));

        Verification found = verify(lane).orElseThrow();

        assertThat(found.clean()).isTrue();
        assertThat(found.rows()).isEqualTo(2);
        assertThat(lane.touched).contains(Map.of(LOOSE, List.of(List.of())));
        assertThat(lane.released).hasValue(1);
    }

    @Test
    void aRowThatDiffersIsToldAndStaysTouchedWithAllThatWereComparedWithIt() throws Exception {
        pair.onGreen("update stock set price = 0 where id in (2, 3)");
        StillLane lane = new StillLane(Direction.FORWARD);
        lane.touched = Optional.of(Map.of(STOCK, keys(1, 2)));

        Verification found = verify(lane).orElseThrow();

        assertThat(found.differences())
                .as("among what was touched, and nowhere else")
                .singleElement()
                .satisfies(difference -> assertThat(difference.key()).isEqualTo("id=2"));
        assertThat(lane.touched).contains(Map.of(STOCK, keys(1, 2)));
    }

    @Test
    void whatIsNotKnownCannotBeCompared() throws Exception {
        StillLane lane = new StillLane(Direction.FORWARD);

        assertThat(verify(lane)).isEmpty();
        assertThat(lane.touched).isEmpty();
    }

    @Test
    void withNothingTouchedThereIsNothingToCompare() throws Exception {
        StillLane lane = new StillLane(Direction.FORWARD);
        lane.touched = Optional.of(Map.of());

        assertThat(verify(lane).orElseThrow().tables()).isEmpty();
    }

    @Test
    void rowsStayTouchedWhenNoPairCouldBeTaken() throws Exception {
        StillLane lane = new StillLane(Direction.FORWARD);
        lane.touched = Optional.of(Map.of(STOCK, keys(1, 2)));
        PostgresVerifier verifier = pair.limits(TestPair.IMPATIENT).verifier();
        try (Connection other = pair.connectGreen()) {
            other.setAutoCommit(false);
            TestPair.run(other, "lock table stock in access exclusive mode");

            FaultException failure = catchThrowableOfType(
                    FaultException.class, () -> verifier.verifyTouched(Direction.FORWARD, lane, TestPair.deadline()));

            assertThat(failure.code()).isEqualTo(FaultCode.VERIFY_UNFINISHED);
        }
        assertThat(lane.touched).contains(Map.of(STOCK, keys(1, 2)));
        pair.awaitNothingLeft();
    }

    /** What is committed after the pair is not proven by it: it must be there for the next time. */
    @Test
    void underWritersEveryRowIsComparedAtThePairOrStaysTouched() throws Exception {
        try (StreamLane lane = new StreamLane(pair, List.of(STOCK))) {
            lane.touched = Optional.of(Map.of());
            AtomicBoolean stopped = new AtomicBoolean();
            Thread writer = Thread.ofVirtual().start(() -> write(lane, stopped));
            try {
                for (int round = 0; round < 10; round++) {
                    long before = lane.applied();
                    Await.until("the lane goes on", TestPair.PATIENCE, () -> lane.applied() > before + 20);
                    assertThat(verify(lane).orElseThrow().differences()).isEmpty();
                }
                pair.onGreen("update stock set price = -1 where id = 500");
                pair.onBlue("update stock set price = price where id = 499");
                long now = lane.applied();
                Await.until("the lane goes on", TestPair.PATIENCE, () -> lane.applied() > now + 5);
                assertThat(verify(lane).orElseThrow().differences())
                        .as("a row that nobody touched is not looked at")
                        .isEmpty();
            } finally {
                stopped.set(true);
                writer.join();
            }
        }
    }

    private void write(StreamLane lane, AtomicBoolean stopped) {
        try (Connection connection = pair.connectBlue()) {
            for (int written = 0; !stopped.get(); written++) {
                int ahead = written - AHEAD;
                Await.until("the lane keeps up", TestPair.PATIENCE, () -> stopped.get() || lane.applied() >= ahead);
                TestPair.run(connection, "update stock set price = price + 1 where id = " + (1 + written % 490));
            }
        } catch (SQLException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    /** Rows of the source that the filter leaves behind may have the key of one that it takes. */
    @ParameterizedTest
    @ValueSource(strings = {"id", "id + 100", "case when kind = 'a' then id else id end"})
    void aRowThatStaysBehindDoesNotStandForTheOneThatHasItsPlace(String key) throws Exception {
        pair.onBlue(
                "create table things (id int, kind text, v text, primary key (id, kind))",
                "alter table things replica identity full",
                "insert into things select n, k, k || n from generate_series(1, 20) n, unnest(array['a', 'b']) k");
        pair.onGreen(
                "create table a_things (id int primary key, v text)",
                "insert into a_things select " + key.replace("kind = 'a'", "true")
                        + ", 'a' || id from generate_series(1, 20) id");
        pair.mapping(
                        new MappingSpec.Rule(
                                TableName.parse("things"),
                                "s",
                                Optional.of(key.startsWith("case") ? "s.kind = 'a' and s.v <> ''" : "s.kind = 'a'"),
                                List.of(
                                        new MappingSpec.Assignment(
                                                "id", key.replace("id", "s.id").replace("kind", "s.kind")),
                                        new MappingSpec.Assignment("v", "s.v")),
                                List.of()),
                        "a_things")
                .oneWay();
        StillLane lane = new StillLane(Direction.FORWARD);
        lane.touched = Optional.of(
                Map.of(TableName.parse("things"), List.of(List.of("3", "b"), List.of("4", "a"), List.of("21", "b"))));

        assertThat(verify(lane).orElseThrow().differences()).isEmpty();

        pair.onBlue("delete from things where id = 3 and kind = 'a'");
        lane.touched = Optional.of(Map.of(TableName.parse("things"), List.of(List.of("3", "a"), List.of("3", "b"))));
        assertThat(verify(lane).orElseThrow().differences()).hasSize(1);
    }

    @Test
    void aPartOfARowIsComparedByItsColumnsAndWhenItIsGoneTheyAreEmpty() throws Exception {
        pair.onBlue(
                "create table customers (id int primary key, name text, town text)",
                "alter table customers replica identity full",
                "insert into customers select n, 'c' || n, case when n < 6 then 't' || n end from generate_series(1, 9) n");
        pair.onGreen(
                "create table customer (id int primary key, name text)",
                "create table address (id int primary key, town text)",
                "alter table address replica identity full",
                "insert into customer select n, 'c' || n from generate_series(1, 9) n",
                "insert into address select n, 't' || n from generate_series(1, 5) n");
        pair.mapping(part("name", ""), "customer", part("town", "s.town is not null"), "address");
        TableName address = TableName.parse("address");
        StillLane lane = new StillLane(Direction.REVERSE);

        lane.touched = Optional.of(Map.of(address, keys(1, 5, 6)));
        assertThat(back(lane).differences()).isEmpty();
        pair.onBlue("update customers set town = 'elsewhere' where id in (2, 8)");
        lane.touched = Optional.of(Map.of(address, keys(2, 3, 8, 9)));
        assertThat(back(lane).differences())
                .extracting(difference -> difference.key())
                .containsExactlyInAnyOrder("id=2", "id=8");
        lane.touched = Optional.of(Map.of(TableName.parse("customer"), keys(2, 8)));
        assertThat(back(lane).differences()).isEmpty();
    }

    private Verification back(StillLane lane) throws InterruptedException {
        return pair.verifier()
                .verifyTouched(Direction.REVERSE, lane, TestPair.deadline())
                .orElseThrow();
    }

    private static MappingSpec.Rule part(String column, String where) {
        return new MappingSpec.Rule(
                TableName.parse("customers"),
                "s",
                Optional.of(where).filter(condition -> !condition.isEmpty()),
                List.of(new MappingSpec.Assignment("id", "s.id"), new MappingSpec.Assignment(column, "s." + column)),
                List.of());
    }
}
