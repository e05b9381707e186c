package io.viridian.cutover.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.cutover.Pair;
import io.viridian.cutover.SwitchRig;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.ServerPair;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server's own maintenance: the ordinary kind gives way to the locks of a switch, the other does not. */
@Timeout(180)
final class AutovacuumTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** A page takes it a fifth of a second and more, so that it is there for a while. */
    private static final String SLOWLY =
            "alter table public.accounts set (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)";

    private static final String VACUUMS = """
            select coalesce(string_agg(query, ';'), '') from pg_stat_activity
            where backend_type = 'autovacuum worker' and query like '%VACUUM%public.accounts%'
            """;

    /** As many as the lowest limit that a table can have. */
    private static final String USE_UP_IDS =
            "do $$ begin for n in 1..100100 loop perform pg_current_xact_id(); commit; end loop; end $$";

    private static void await(Pair pair, String what, boolean againstWraparound) throws InterruptedException {
        Await.until(what, PATIENCE, () -> {
            String vacuums = pair.ask(Side.BLUE, VACUUMS);
            return !vacuums.isEmpty() && vacuums.contains("to prevent wraparound") == againstWraparound;
        });
    }

    @Test
    void onlyTheOneAgainstWraparoundIsInTheWay() throws Exception {
        try (ServerPair servers = ServerPair.start(14, 18, Map.of("autovacuum_naptime", "1s"));
                Pair pair = Pair.create(servers, GateRig.TABLES)) {
            GateRig rig = new GateRig(pair);
            SwitchRig switches = pair.rig();
            pair.blue.run(
                    session -> session.execute("insert into public.accounts select generate_series(1, 50000), 0"));
            pair.blue.run(session -> session.execute("vacuum public.accounts"));
            pair.blue.run(session -> session.execute(SLOWLY));
            pair.blue.run(session -> session.execute("delete from public.accounts where id % 2 = 0"));
            await(pair, "an ordinary autovacuum", false);
            rig.assertPasses("locks.none");
            assertThat(pair.ask(Side.BLUE, VACUUMS)).as("it is still there").isNotEmpty();

            pair.blue.run(session -> session.execute(
                    "alter table public.accounts set (autovacuum_enabled = off, autovacuum_freeze_max_age = 100000)"));
            pair.blue.run(session -> session.execute(USE_UP_IDS));
            await(pair, "one against wraparound", true);
            rig.assertFails("locks.none", "ShareUpdateExclusiveLock on accounts");
            assertThat(rig.gate("locks.none").value()).contains("(autovacuum worker)");
            assertThatThrownBy(() -> switches.complete(Direction.FORWARD))
                    .hasMessageContaining("LOCK_TIMEOUT")
                    .hasMessageContaining("to prevent wraparound");
            pair.blue.run(session -> session.execute("insert into public.accounts values (0, 0)"));
        }
    }
}
