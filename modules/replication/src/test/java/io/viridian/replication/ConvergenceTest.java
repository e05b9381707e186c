package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.migration.ConflictPolicy;
import io.viridian.plan.Side;
import io.viridian.testkit.server.ServerPair;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Writers on both sides change few rows in every way, as fast as they can: whichever rows stay, in the end both sides
 * have the same, also when connections break and lanes begin anew meanwhile.
 */
class ConvergenceTest {
    private static final int KEYS = 12;

    private static final String SCHEMA = """
            create table account (id int primary key, owner text, cents bigint not null default 0, note text);
            create table tag (kind text, number int, label text, primary key (kind, number));
            insert into account select n, 'o' || n, 0, null from generate_series(1, 12) n;
            insert into tag select 'k' || n % 3, n, 'l' from generate_series(1, 12) n;
            """;

    @ParameterizedTest
    @CsvSource({
        "BLUE_WINS, 1, false",
        "GREEN_WINS, 2, false",
        "NEWEST_WINS, 3, false",
        "BLUE_WINS, 4, true",
        "GREEN_WINS, 5, true",
        "NEWEST_WINS, 6, true"
    })
    void bothSidesHaveTheSameInTheEnd(ConflictPolicy policy, long seed, boolean interrupted) throws Exception {
        try (BothSides sides = BothSides.asItIs(ServerPair.shared(14, 18), SCHEMA)) {
            new RandomWriters(sides, policy, seed, ConvergenceTest::statement).write(interrupted);
            sides.replica.assertSame("account", "tag");
            assertThat(sides.conflicts()).as("the test meets conflicts").isNotEmpty();
        }
    }

    private static String statement(Random random, Side side) {
        int id = 1 + random.nextInt(KEYS);
        int other = 1 + random.nextInt(KEYS);
        String word = side.text() + random.nextInt(3);
        return switch (random.nextInt(10)) {
            case 0, 1 ->
                "insert into account values (%d, '%s', %d, null) on conflict (id) do nothing"
                        .formatted(id, word, other);
            case 2 -> "delete from account where id = " + id;
            case 3 ->
                "update account set id = %d where id = %d and not exists (select 1 from account where id = %d)"
                        .formatted(other, id, other);
            case 4 ->
                "update account set note = (select string_agg(md5(random()::text), '') from generate_series(1, 200))"
                        + " where id = " + id;
            case 5 -> "delete from tag where number = " + id;
            case 6 -> "insert into tag values ('k%d', %d, '%s') on conflict do nothing".formatted(id % 3, id, word);
            case 7 -> "update tag set label = '%s' where number = %d".formatted(word, id);
            default -> "update account set cents = cents + %d, owner = '%s' where id = %d".formatted(other, word, id);
        };
    }
}
