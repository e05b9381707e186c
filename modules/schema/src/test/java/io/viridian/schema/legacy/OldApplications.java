package io.viridian.schema.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.fault.FaultException;
import io.viridian.postgres.Session;
import io.viridian.schema.TwoDatabases;
import io.viridian.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Sessions of applications that know the old schema only, on both sides. One thread. */
final class OldApplications implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TwoDatabases databases;
    private final List<Session> sessions = new ArrayList<>();

    OldApplications(TwoDatabases databases) {
        this.databases = databases;
    }

    Session onBlue() {
        return kept(databases.blue().open("application"));
    }

    Session onGreen() {
        Session session = kept(databases.green().open("application"));
        session.execute("set search_path = legacy_public");
        return session;
    }

    /** One that knows the new schema. */
    Session newOne() {
        return kept(databases.green().open("new application"));
    }

    private Session kept(Session session) {
        sessions.add(session);
        return session;
    }

    /**
     * Has a statement wait for what another session has begun, and commits that as soon as it waits, or has ended
     * without.
     *
     * @return how many rows the statement changed, or why it could not, once it has ended
     */
    static CompletableFuture<Long> behind(Session begun, Session other, String statement) throws InterruptedException {
        CompletableFuture<Long> changed =
                CompletableFuture.supplyAsync(() -> other.update(statement), Thread::startVirtualThread);
        String waits = "select exists (select from pg_locks where pid = " + other.pid() + " and not granted)";
        Await.until("it waits", PATIENCE, () -> changed.isDone() || begun.one(waits, row -> row.truth(1)));
        begun.commit();
        return changed;
    }

    /**
     * As {@link #behind}, where the statement has to be refused, because what it was to change was changed meanwhile.
     */
    static void refusedBehind(Session begun, Session other, String statement) throws InterruptedException {
        assertThat(behind(begun, other, statement))
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        FaultException.class,
                        refused -> assertThat(refused.fault().sqlState()).isEqualTo("40001"));
    }

    /** Before the databases are. */
    @Override
    public void close() {
        sessions.forEach(Session::close);
        sessions.clear();
    }
}
