package io.viridian.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.SharedServers;
import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/** What a server says it is busy with. */
final class ServerLoadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String HOLDS = "select pg_advisory_lock(7463)";

    private static final String WAITS = "select pg_advisory_xact_lock(7463)";

    private final PostgresServer server = SharedServers.blue(18);

    private Database as(String user, String application, String name) {
        String url = "jdbc:postgresql://127.0.0.1:%d/%s".formatted(server.port(), name);
        return new Database(new Endpoint(Side.BLUE, url, Map.of("user", user)), application);
    }

    private static Optional<ServerLoad> read(Database database) {
        return database.query(session -> ServerLoad.read(session, "viridian mine"));
    }

    private static long active(Database database) {
        return read(database).orElseThrow().activeSessions();
    }

    @Test
    void sessionsOfOthersCountAndOursDoNot() throws Exception {
        String name = server.freshDatabase("load");
        try (Database ours = as(server.superuser(), "viridian mine", name);
                Database others = as(server.superuser(), "shop", name);
                Session holder = ours.open("holder")) {
            holder.list(HOLDS, _ -> true);
            CompletableFuture<?> ourWait = waiting(ours);
            Await.until("ours waits", PATIENCE, () -> waiting(ours, "viridian mine%"));
            assertThat(active(ours)).isZero();
            CompletableFuture<?> theirWait = waiting(others);
            Await.until("theirs is seen", PATIENCE, () -> active(ours) == 1);
            holder.list("select pg_advisory_unlock(7463)", _ -> true);
            CompletableFuture.allOf(ourWait, theirWait).join();
        }
    }

    private static CompletableFuture<?> waiting(Database database) {
        return CompletableFuture.runAsync(
                () -> database.run(session -> session.list(WAITS, _ -> true)), Thread::startVirtualThread);
    }

    private static boolean waiting(Database database, String application) {
        return database.query(session -> session.one(
                "select count(*) > 0 from pg_stat_activity where wait_event = 'advisory' and application_name like ?",
                row -> row.truth(1),
                application));
    }

    /** One that receives and does not replay. */
    @Test
    void theLagOfAReplicaIsTheTimeThatItsReplayIsBehind() throws Exception {
        String name = server.freshDatabase("load");
        try (Database ours = as(server.superuser(), "viridian mine", name)) {
            assertThat(read(ours).orElseThrow().replicaLag()).isEmpty();
            String position =
                    ours.query(session -> session.one("select pg_current_wal_flush_lsn()::text", row -> row.text(1)));
            try (Connection receiver = ours.openReplication("standby");
                    PGReplicationStream standby = receiver.unwrap(PGConnection.class)
                            .getReplicationAPI()
                            .replicationStream()
                            .physical()
                            .withStartPosition(LogSequenceNumber.valueOf(position))
                            .start()) {
                standby.setAppliedLSN(LogSequenceNumber.valueOf("0/1"));
                standby.setFlushedLSN(LogSequenceNumber.valueOf("0/1"));
                Await.until("it lags", PATIENCE, () -> {
                    ours.run(session -> session.execute("select pg_logical_emit_message(false, 'load', 'more')"));
                    while (standby.readPending() != null) {
                        standby.forceUpdateStatus();
                    }
                    standby.forceUpdateStatus();
                    return read(ours)
                            .orElseThrow()
                            .replicaLag()
                            .filter(lag -> lag.compareTo(Duration.ofMillis(200)) > 0)
                            .isPresent();
                });
            }
        }
    }

    @Test
    void whoMayNotSeeOthersIsToldNothingInsteadOfCalm() throws Exception {
        String name = server.freshDatabase("load");
        try (Database superuser = as(server.superuser(), "viridian mine", name)) {
            superuser.run(session -> session.execute("create role blind_" + name + " login"));
            try (Database blind = as("blind_" + name, "viridian mine", name)) {
                assertThat(read(blind)).isEmpty();
            } finally {
                superuser.run(session -> session.execute("drop role blind_" + name));
            }
        }
    }
}
