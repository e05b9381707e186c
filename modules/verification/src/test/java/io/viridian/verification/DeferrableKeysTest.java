package io.viridian.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.plan.TableName;
import io.viridian.proof.Verification;
import io.viridian.proof.Verification.ColumnDifference;
import io.viridian.proof.Verification.Kind;
import io.viridian.proof.Verification.RowDifference;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows that are all as the mapping makes them, and that green would refuse if it looked. */
class DeferrableKeysTest {
    private static final String ROWS =
            "insert into person values (1, 'Ann', 1), (2, 'Ann', 1), (3, 'Ann', 2), (4, null, 1), (5, null, 1)";

    private static void applied(TestPair pair, String rows) throws Exception {
        pair.onGreen("set session_replication_role = replica; " + rows);
    }

    @Test
    void whatADeferrableConstraintWouldRefuseIsTold() throws Exception {
        try (TestPair pair = TestPair.of(14, 18)) {
            pair.both("create table person (id int primary key, name text, age int)");
            pair.onGreen("alter table person add constraint once unique (name) deferrable initially deferred,"
                    + " add constraint together unique (name, age) deferrable");
            pair.onBlue(ROWS);
            applied(pair, ROWS);
            Verification found = pair.verify();
            assertThat(found.clean()).isFalse();
            assertThat(found.tables().getFirst().differing()).isEqualTo(3);
            assertThat(found.differences())
                    .containsExactly(
                            duplicate("name", "Ann", "once", 3), duplicate("name, age", "(Ann,1)", "together", 2));
            pair.both("set session_replication_role = replica; update person set name = id::text, age = id");
            assertThat(pair.verify().clean()).isTrue();
        }
    }

    private static RowDifference duplicate(String columns, String value, String constraint, int rows) {
        return new RowDifference(
                new TableName("public", "person"),
                columns + "=" + value,
                Kind.DIFFERENT,
                List.of(new ColumnDifference(
                        columns, "in one row, by constraint " + constraint, "in " + rows + " rows")));
    }

    @Test
    void nullsAreAlikeOnlyWhereTheConstraintSaysSo() throws Exception {
        try (TestPair pair = TestPair.of(14, 18)) {
            pair.both("create table person (id int primary key, name text, age int)");
            pair.onGreen("alter table person add constraint once unique nulls not distinct (name) deferrable");
            String nulls = "insert into person values (1, null, 1), (2, null, 2), (3, 'Ann', 3)";
            pair.onBlue(nulls);
            applied(pair, nulls);
            assertThat(pair.verify().differences()).containsExactly(duplicate("name", "null", "once", 2));
        }
    }

    @Test
    void anOrdinaryConstraintIsNotLookedAt() throws Exception {
        try (TestPair pair = TestPair.of(14, 18)) {
            pair.both(
                    "create table person (id int primary key, name text unique)",
                    "insert into person values (1, 'Ann')");
            assertThat(pair.verify().clean()).isTrue();
        }
    }
}
