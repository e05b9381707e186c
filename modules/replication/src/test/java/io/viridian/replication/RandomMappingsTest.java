package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.CrashPoint;
import io.viridian.plan.Derivation;
import io.viridian.replication.lane.ApplyLane;
import io.viridian.testkit.server.ServerPair;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the mapping: load and stream together come to what the mapping gives of blue's rows, evaluated at once. */
@Timeout(120)
class RandomMappingsTest {
    private static final int ROWS = 1500;
    private static final int TURNS = 40;

    @ParameterizedTest(name = "mapping {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void loadAndStreamComeToWhatTheMappingGives(long seed) throws Exception {
        RandomMapping mapping = new RandomMapping(seed);
        Replica replica = new Replica(
                ServerPair.shared(seed % 2 == 0 ? 14 : 18, 18), mapping.spec(), RandomMapping.blue(), mapping.green());
        replica.reversible = false;
        // So that the same number gives the same interleaving.
        replica.workers = 1;
        try (replica) {
            replica.onBlue(mapping.rows(ROWS));
            replica.onBlue("analyze");
            if (mapping.derives()) {
                replica.createMirrors();
            }
            replica.connect();
            replica.windowRows = 1 + (int) (seed * 97 % 400);
            Script script = new Script();
            for (int chunk = 0; chunk < 5; chunk++) {
                int first = chunk * TURNS;
                script.at(CrashPoint.BACKFILL_SNAPSHOT_TAKEN, () -> write(replica, mapping, first));
                script.at(CrashPoint.BACKFILL_ROWS_COPIED, () -> write(replica, mapping, first + TURNS / 2));
            }
            replica.failpoints = script;
            ApplyLane lane = replica.lane();
            (seed % 3 == 0 ? replica.wholeTables(lane) : replica.keyRanges(lane)).run();
            for (Derivation derivation : replica.plan().derived()) {
                lane.build(derivation, Duration.ofSeconds(60));
            }
            replica.drain(lane);
            assertAsFromScratch(replica, mapping, "after the load");
            write(replica, mapping, 5 * TURNS);
            replica.drain(lane);
            assertAsFromScratch(replica, mapping, "after the stream");
            assertThat(lane.status().fault()).isEmpty();
        }
    }

    private static void write(Replica replica, RandomMapping mapping, int first) {
        for (int turn = first; turn < first + TURNS / 2; turn++) {
            replica.onBlue(mapping.transaction(turn, ROWS));
        }
    }

    private static void assertAsFromScratch(Replica replica, RandomMapping mapping, String when) {
        for (String target : mapping.targets()) {
            List<String> expected = replica.rows(
                    replica.blue,
                    "select md5(x::text) || ' ' || left(x::text, 120) from (" + mapping.scratch(target)
                            + ") x order by 1");
            List<String> found = replica.rows(
                    replica.green, "select md5(x::text) || ' ' || left(x::text, 120) from " + target + " x order by 1");
            assertThat(found).as(target + " " + when + ": " + mapping.spec()).isEqualTo(expected);
        }
    }
}
