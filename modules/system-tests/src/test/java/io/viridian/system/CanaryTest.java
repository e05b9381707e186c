package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.leak.ServerSnapshot;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Applications write on both sides for a while, asked for by an operator. */
class CanaryTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private Rig rig(String blueSchema) throws Exception {
        Rig rig = new Rig(ServerPair.shared(15, 18), directory).configure("schema:\n  from: blue\n");
        rig.execute(Side.BLUE, blueSchema);
        return rig;
    }

    private Rig notes() throws Exception {
        return rig("create table note (id serial primary key, text text);"
                + " insert into note (text) values ('one'), ('two'), ('three')");
    }

    private static void awaitSame(Rig rig) throws InterruptedException {
        String all = "select coalesce(string_agg(n::text, ';' order by id), '') from note n";
        String[] seen = {"", ""};
        Await.until("both sides have the same", PATIENCE, () -> {
            try {
                seen[0] = rig.ask(Side.BLUE, all);
                seen[1] = rig.ask(Side.GREEN, all);
            } catch (SQLException away) {
                return false;
            }
            return seen[0].equals(seen[1]);
        });
    }

    private static void awaitState(DaemonHere daemon, StateName state) throws InterruptedException {
        Await.until("state " + state, PATIENCE, () -> daemon.state() == state);
    }

    @Test
    void bothSidesAreWritableUntilItIsStoppedAndTheMigrationGoesOnAsBefore() throws Exception {
        Rig rig = notes();
        List<ServerSnapshot> before = rig.snapshots();
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            CanaryAsked.succeeds(driver, CanaryAsked.start("halt"));
            assertThat(daemon.state()).isEqualTo(StateName.CANARY);
            assertThat(daemon.control().view().owner()).isEqualTo("blue");
            assertThat(daemon.control().view().flags()).anyMatch(flag -> flag.startsWith("canary(until "));

            rig.execute(Side.GREEN, "update note set text = 'green' where id = 1");
            rig.execute(Side.GREEN, "insert into note (text) values ('made on green')");
            rig.execute(Side.BLUE, "update note set text = 'blue' where id = 2");
            rig.execute(Side.BLUE, "insert into note (text) values ('made on blue')");
            rig.execute(Side.BLUE, "delete from note where id = 3");
            awaitSame(rig);
            assertThat(rig.ask(Side.BLUE, "select count(*) from note")).isEqualTo("4");

            assertThatThrownBy(() -> daemon.submit(Operation.Type.CUTOVER, Map.of()))
                    .hasMessageContaining("stop the canary first");
            assertThatThrownBy(() -> rig.execute(Side.BLUE, "truncate note")).hasMessageContaining("TRUNCATE waits");
            assertThatThrownBy(() -> rig.execute(Side.GREEN, "truncate note")).hasMessageContaining("TRUNCATE waits");

            CanaryAsked.succeeds(driver, CanaryAsked.STOP);
            awaitState(daemon, StateName.READY);
            rig.assertOnlyWritable(Side.BLUE, "note");
            awaitSame(rig);
            rig.execute(Side.BLUE, "insert into note (text) values ('behind green''s')");
            assertThat(rig.ask(Side.BLUE, "select count(*) from note")).isEqualTo("5");
            rig.execute(Side.BLUE, "truncate note");
            assertThat(daemon.control().conflicts(10)).isEmpty();

            driver.cutover();
            rig.assertOnlyWritable(Side.GREEN, "note");
            driver.rollback();
            driver.cutover();
            driver.finish();
            daemon.stop();
            rig.assertNothingLeft(before);
        }
    }

    @Test
    void itEndsByItselfAndCanBeginAgain() throws Exception {
        Rig rig = notes();
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            CanaryAsked.succeeds(driver, Map.of("action", "start", "for", "2s"));
            rig.execute(Side.GREEN, "update note set text = 'green' where id = 1");
            awaitState(daemon, StateName.READY);
            rig.assertOnlyWritable(Side.BLUE, "note");
            assertThat(rig.ask(Side.BLUE, "select text from note where id = 1")).isEqualTo("green");
            CanaryAsked.succeeds(driver, CanaryAsked.start("blue-wins"));
            rig.execute(Side.GREEN, "update note set text = 'again' where id = 1");
            awaitSame(rig);
            CanaryAsked.succeeds(driver, CanaryAsked.STOP);
            driver.reach(StateName.READY);
            assertThat(rig.ask(Side.BLUE, "select text from note where id = 1")).isEqualTo("again");
            driver.abort();
        }
    }

    /** Both sides change one row while nothing is led between them. */
    private static void conflict(Rig rig, DaemonHere daemon) throws Exception {
        daemon.stop();
        rig.execute(Side.BLUE, "update note set text = 'blue' where id = 1");
        rig.execute(Side.GREEN, "update note set text = 'green' where id = 1");
        daemon.start();
    }

    @Test
    void aConflictThatNobodyDecidesClosesGreenAndWaitsForAPerson() throws Exception {
        Rig rig = notes();
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            CanaryAsked.succeeds(driver, CanaryAsked.start("halt"));
            conflict(rig, daemon);
            awaitState(daemon, StateName.HALTED);
            assertThat(daemon.fault())
                    .contains("CANARY_CONFLICT", "concurrent-change", "\"blue\"", "\"green\"", "public.note");
            rig.assertOnlyWritable(Side.BLUE, "note");
            CanaryAsked.succeeds(driver, CanaryAsked.stop("green-wins"));
            awaitState(daemon, StateName.READY);
            assertThat(rig.ask(Side.BLUE, "select text from note where id = 1")).isEqualTo("green");
            assertThat(daemon.control().conflicts(10)).singleElement().satisfies(kept -> {
                assertThat(kept.kind()).isEqualTo("concurrent-change");
                assertThat(kept.outcome()).isEqualTo("green-wins");
                assertThat(kept.blueRow().orElseThrow()).contains("\"blue\"");
                assertThat(kept.greenRow().orElseThrow()).contains("\"green\"");
            });
            driver.cutover();
            driver.finish();
        }
    }

    @Test
    void aConflictIsSettledByTheTermsAndBothSidesGoOn() throws Exception {
        Rig rig = notes();
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            CanaryAsked.succeeds(driver, CanaryAsked.start("blue-wins"));
            conflict(rig, daemon);
            awaitSame(rig);
            assertThat(rig.ask(Side.GREEN, "select text from note where id = 1"))
                    .isEqualTo("blue");
            assertThat(daemon.state()).isEqualTo(StateName.CANARY);
            assertThat(daemon.daemon().conflicts()).hasSize(1);
            CanaryAsked.succeeds(driver, CanaryAsked.STOP);
            driver.reach(StateName.READY);
            driver.abort();
        }
    }

    @Test
    void itIsRefusedWithEveryTableAndReason() throws Exception {
        Rig rig = rig("""
                create table owner (id int primary key, mail text unique);
                create unique index owner_lower on owner (lower(mail));
                create table thing (id int primary key, owner int references owner);
                create table price (amount numeric primary key, text text);
                create table offer (id int primary key, amount numeric references price);
                create table plain (id int primary key, text text);
                """);
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            Panel.Asked refused = driver.carryOut(Operation.Type.CANARY, CanaryAsked.start("halt"));
            assertThat(refused.succeeded()).isFalse();
            assertThat(refused.result()).containsEntry("code", "CANARY_REFUSED");
            assertThat(refused.result().get("detail"))
                    .contains("owner_lower", "offer_amount_fkey", "public.price", "amount")
                    .doesNotContain("plain", "owner_mail_key", "thing_owner_fkey");
            assertThat(daemon.state()).isEqualTo(StateName.READY);
            rig.assertOnlyWritable(Side.BLUE, "plain");
            driver.abort();
        }
    }
}
