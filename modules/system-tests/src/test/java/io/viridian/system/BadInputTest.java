package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.control.MigrationControl;
import io.viridian.fault.CrashPoint;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.leak.ServerSnapshot;
import io.viridian.testkit.net.TcpProxy;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes wrong outside is told with side, object and remedy: every line of docs/reference/bad-input.md. */
@Timeout(120)
class BadInputTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static StrictServer strict;

    @TempDir
    Path directory;

    @BeforeAll
    static void start(@TempDir Path shared) throws Exception {
        strict = new StrictServer(shared);
    }

    @AfterAll
    static void stop() {
        strict.close();
    }

    private Rig rig() throws Exception {
        return new Rig(ServerPair.shared(15, 17), directory);
    }

    /** A rig of which one side is led elsewhere. */
    private Rig led(Side side, String url) throws Exception {
        Rig rig = rig();
        return side == Side.BLUE
                ? rig.urls(url, rig.green.url(rig.greenDatabase))
                : rig.urls(rig.blue.url(rig.blueDatabase), url);
    }

    /** The side and what to check are in the words, address and SQLSTATE too, and the exit code is the side's. */
    private static void assertTold(Verb verb, Side side, String code, String... words) {
        FaultCode fault = FaultCode.valueOf(side.name() + "_" + code);
        assertThat(verb.said())
                .startsWith(fault.name() + ": " + side.text() + " said: ")
                .contains("connect to " + side.text() + " at jdbc:postgresql://")
                .contains(words)
                .endsWith("\n  fix: " + fault.remedy());
        assertThat(verb.exit()).isEqualTo(side == Side.BLUE ? 6 : 7);
    }

    @ParameterizedTest
    @EnumSource
    void anAddressWhereNobodyListensIsTold(Side side) throws Exception {
        Verb check = Verb.check(led(side, "postgresql://postgres@127.0.0.1:1/shop"));
        assertTold(check, side, "UNREACHABLE", "127.0.0.1:1/shop", "refused", "[SQLSTATE 08001]");
    }

    @ParameterizedTest
    @EnumSource
    void aHostThatNobodyKnowsIsTold(Side side) throws Exception {
        Verb check = Verb.check(led(side, "postgresql://postgres@no-such-host.invalid/shop"));
        assertTold(check, side, "UNREACHABLE", "no-such-host.invalid:5432/shop", "UnknownHost", "[SQLSTATE 08001]");
    }

    @ParameterizedTest
    @EnumSource
    void aDatabaseThatIsNotThereIsTold(Side side) throws Exception {
        Rig rig = led(side, rig().on(side).url("nowhere"));
        assertTold(Verb.check(rig), side, "REFUSED", "database \"nowhere\" does not exist", "[SQLSTATE 3D000]");
        assertTold(Verb.run(rig), side, "REFUSED", "/nowhere", "[SQLSTATE 3D000]");
    }

    @ParameterizedTest
    @EnumSource
    void aWrongPasswordIsToldAndNotShown(Side side) throws Exception {
        Verb check = Verb.check(led(side, strict.urlWith("sesame", "postgres")));
        assertTold(check, side, "REFUSED", "password authentication failed for user \"stranger\"", "[SQLSTATE 28P01]");
        assertThat(check.said())
                .contains(":" + strict.server().port() + "/postgres")
                .doesNotContain("sesame");
    }

    @ParameterizedTest
    @EnumSource
    void aMissingPasswordIsToldAndNotRetried(Side side) throws Exception {
        Verb run = Verb.run(led(side, strict.urlWith("", "postgres")));
        assertTold(run, side, "REFUSED", "no password was provided", "[SQLSTATE 08004]");
    }

    @ParameterizedTest
    @EnumSource
    void aServerWithoutTlsIsTold(Side side) throws Exception {
        Rig rig = rig();
        Verb check = Verb.check(led(side, rig.on(side).url("postgres") + "?sslmode=require"));
        assertTold(check, side, "REFUSED", "The server does not support SSL", "TLS settings", "[SQLSTATE 08004]");
    }

    @ParameterizedTest
    @EnumSource
    void aCertificateThatProvesNothingIsTold(Side side) throws Exception {
        String url = strict.server().url("postgres") + "?sslmode=verify-full&sslrootcert=";
        Verb unsigned = Verb.check(led(side, url + strict.foreignCertificate()));
        assertTold(unsigned, side, "REFUSED", "unable to find valid certification path", "[SQLSTATE 08006]");
        Verb ofAnother = Verb.check(led(side, url + strict.certificate()));
        assertTold(ofAnother, side, "REFUSED", "127.0.0.1", "could not be verified", "[SQLSTATE 08006]");
        Verb absent = Verb.run(led(side, url + "absent.crt"));
        assertTold(absent, side, "REFUSED", "absent.crt", "[SQLSTATE 08006]");
    }

    @Test
    void aDaemonKeepsTryingWhatCanHealAndSaysSo() throws Exception {
        ServerPair pair = ServerPair.shared(15, 17);
        try (TcpProxy toBlue = TcpProxy.to(pair.blue());
                TcpProxy toGreen = TcpProxy.to(pair.green())) {
            Rig rig = rig().configure("schema:\n  from: none\n");
            rig.urls(toBlue.url(rig.blueDatabase), toGreen.url(rig.greenDatabase));
            for (Side side : Side.values()) {
                rig.execute(side, "create table item (id int primary key)");
            }
            toBlue.cut();
            toGreen.cut();
            try (DaemonProcess daemon = new DaemonProcess(rig)) {
                daemon.launch();
                awaitSaid(daemon, "cannot start yet: GREEN_UNREACHABLE", "Tries again in", "that green runs.");
                toGreen.pass();
                awaitSaid(daemon, "cannot start yet: BLUE_UNREACHABLE", "Tries again in", "that blue runs.");
                toBlue.pass();
                awaitSaid(daemon, "is READY");
                toBlue.cut();
                awaitSaid(daemon, "STREAM_BROKEN: blue ended the change stream of slot viridian_", "goes on from");
                toBlue.pass();
                assertThat(daemon.alive()).isTrue();
            }
        }
    }

    private static void awaitSaid(DaemonProcess daemon, String... words) throws InterruptedException {
        try {
            Await.until(
                    "the daemon says so",
                    PATIENCE,
                    () -> List.of(words).stream().allMatch(daemon.said()::contains));
        } catch (AssertionError late) {
            assertThat(daemon.said()).contains(words);
            throw late;
        }
    }

    @Test
    void oneClusterUnderTwoUrlsIsRefusedByItsIdentifier() throws Exception {
        Rig rig = rig();
        Verb check = Verb.check(rig.urls(rig.blue.url(rig.blueDatabase), rig.blue.url("postgres")));
        String identifier = rig.ask(Side.BLUE, "select system_identifier from pg_control_system()");
        assertThat(check.said())
                .contains("refused  same-cluster  green.url\n")
                .contains("both have system identifier " + identifier)
                .contains("fix: lead green.url to a cluster created by initdb");
        assertThat(check.exit()).isEqualTo(3);
    }

    @Test
    void whatCannotWorkIsRefusedAtOnceWithTheSqlThatMendsItAndNothingIsCreated() throws Exception {
        Rig rig = new Rig(
                new ServerPair(strict.server(), ServerPair.shared(15, 17).green()), directory);
        rig.urls(strict.urlWith("right", rig.blueDatabase), rig.green.url(rig.greenDatabase))
                .configure("schema:\n  from: none\nreverse:\n  enabled: false\nmapping: mapping.yaml\n");
        Troubles troubles = new Troubles(rig);
        List<ServerSnapshot> before = rig.snapshots();
        Verb check = Verb.check(rig);
        assertThat(check.said())
                .contains(Troubles.TOLD)
                .endsWith(" refused\nNext: mend the above, then viridian check\n");
        assertThat(check.exit()).isEqualTo(3);
        Verb run = Verb.run(rig);
        assertThat(run.said()).contains("PREFLIGHT_REFUSED: ", "; and ", "Run `viridian check`");
        assertThat(run.exit()).isEqualTo(3);
        rig.assertNothingLeft(before);
        troubles.mend(check.said());
        Verb mended = Verb.check(rig);
        assertThat(mended.said()).contains("clean: nothing refuses");
        assertThat(mended.exit()).isZero();
    }

    private static Rig shop(Rig rig) throws Exception {
        rig.configure("schema:\n  from: none\nreverse:\n  enabled: false\nmapping: mapping.yaml\n");
        map(rig, "trim(i.title)");
        rig.execute(Side.BLUE, "create table item (id int primary key, title text)");
        rig.execute(Side.GREEN, "create table product (id int primary key, name varchar(5))");
        return rig;
    }

    private static void map(Rig rig, String name) throws Exception {
        Files.writeString(rig.directory.resolve("mapping.yaml"), """
                targets:
                  public.product:
                    rules:
                      - from: public.item i
                        columns: { id: i.id, name: %s }
                """.formatted(name));
    }

    private static void awaitRows(Rig rig, String expected) throws Exception {
        Await.until(
                "green holds " + expected,
                PATIENCE,
                () -> expected.equals(rig.ask(Side.GREEN, "select string_agg(name, ' ' order by id) from product")));
    }

    @Test
    void aRowThatGreenRefusesStopsTheStreamBeforeItAndBlueGoesOn() throws Exception {
        Rig rig = shop(rig());
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            rig.execute(Side.BLUE, "insert into item values (1, 'one')");
            rig.execute(Side.BLUE, "insert into item values (2, 'much too long')");
            rig.execute(Side.BLUE, "insert into item values (3, 'three')");
            Await.until("it is told", PATIENCE, () -> daemon.state() == StateName.HALTED);
            assertThat(daemon.fault())
                    .contains("code=ROW_REFUSED")
                    .contains("row [2] of public.item does not fit public.product.name (character varying(5)), which"
                            + " is fed by trim(i.title) of title text")
                    .contains("value too long for type character varying(5)", "object=public.product.name", "22001")
                    .contains(FaultCode.ROW_REFUSED.remedy());
            assertThat(FaultCode.ROW_REFUSED.exitCode()).isEqualTo(7);
            rig.execute(Side.BLUE, "insert into item values (4, 'four')");
            assertThat(rig.ask(Side.GREEN, "select string_agg(name, ' ') from product"))
                    .isEqualTo("one");
            rig.execute(Side.GREEN, "alter table product alter name type text");
            daemon.submit(Operation.Type.RESUME, Map.of());
            awaitRows(rig, "one much too long three four");
            assertThat(driver.carryOut(Operation.Type.VERIFY).succeeded()).isTrue();
        }
    }

    @Test
    void aValueThatDoesNotFitTheSchemaStillToComeIsRefusedBeforeARowIsCopied() throws Exception {
        Rig rig = rig().configure("schema:\n  from: changelog\n  changelog: green.sql\nmapping: mapping.yaml\n");
        rig.execute(Side.BLUE, "create table item (id int primary key, title text)");
        rig.execute(Side.BLUE, "insert into item values (1, 'one'), (2, 'much too long')");
        Files.writeString(rig.directory.resolve("green.sql"), """
                --liquibase formatted sql
                --changeset shop:1
                create table product (id int primary key, name varchar(5));
                """);
        map(rig, "trim(i.title)");
        try (DaemonHere daemon = new DaemonHere(rig)) {
            daemon.start();
            Await.until("it is told", PATIENCE, () -> daemon.state() == StateName.HALTED);
            assertThat(daemon.fault()).contains("code=PREFLIGHT_REFUSED").contains("public.product.name");
            assertThat(rig.ask(Side.GREEN, "select count(*) from product")).isEqualTo("0");
            rig.execute(Side.GREEN, "alter table product alter name type text");
            daemon.submit(Operation.Type.RESUME, Map.of());
            awaitRows(rig, "one much too long");
        }
    }

    @Test
    void aFileChangedUnderARunningMigrationIsRefusedUntilItIsPutBack() throws Exception {
        Rig rig = shop(rig());
        try (DaemonHere daemon = new DaemonHere(rig)) {
            new Driver(daemon).reach(StateName.READY);
            String pinned = daemon.control().view().planHash();
            map(rig, "upper(i.title)");
            rig.execute(Side.BLUE, "insert into item values (1, 'one')");
            awaitRows(rig, "one");
            daemon.stop();
            assertHalted(daemon, "PLAN_CHANGED", "the running plan is " + pinned + ", mapping file", "now give ");
            assertThat(daemon.fault()).contains(FaultCode.PLAN_CHANGED.remedy());
            daemon.stop();
            Files.writeString(rig.directory.resolve("mapping.yaml"), "tragets: {}\n");
            assertHalted(daemon, "CONFIGURATION_INVALID", "mapping.yaml:1", "tragets", "'targets'");
            map(rig, "trim(i.title)");
            daemon.submit(Operation.Type.RESUME, Map.of());
            rig.execute(Side.BLUE, "insert into item values (2, 'two')");
            awaitRows(rig, "one two");
            assertThat(daemon.state()).isEqualTo(StateName.READY);
        }
    }

    @Test
    void anEngineThatDoesNotCarryWhatIsMovedIsRefusedAlsoUnderWay() throws Exception {
        Rig rig = rig().configure("schema:\n  from: blue\n");
        rig.execute(Side.BLUE, "create table product (id int primary key, name text, opens timetz)");
        String words = "column opens of table public.product on blue is of the type timetz";
        try (DaemonHere daemon = new DaemonHere(rig)) {
            new Driver(daemon).reach(StateName.READY);
            daemon.stop();
            rig.configure("schema:\n  from: blue\ncapture:\n  engine: debezium\n");
            assertThat(Verb.check(rig).said()).contains("blue.capture-type", words, "set capture.engine to pgoutput");
            assertHalted(daemon, "PREFLIGHT_REFUSED", words);
            daemon.stop();
            rig.configure("schema:\n  from: blue\n");
            daemon.start();
            daemon.submit(Operation.Type.RESUME, Map.of());
            rig.execute(Side.BLUE, "insert into product values (1, 'one', '12:00+05:30')");
            awaitRows(rig, "one");
        }
    }

    private static void assertHalted(DaemonHere daemon, String... words) throws InterruptedException {
        daemon.start();
        if (daemon.state() == StateName.HALTED) {
            daemon.submit(Operation.Type.RESUME, Map.of());
        }
        Await.until("it is told: " + words[0], PATIENCE, () -> daemon.fault().contains(words[0]));
        assertThat(daemon.state()).isEqualTo(StateName.HALTED);
        assertThat(daemon.fault()).contains(words);
    }

    @Test
    void theSecondOperatorIsToldWhoIsAtItAndADoubleClickRunsNothingTwice() throws Exception {
        Rig rig = shop(rig());
        Mishaps mishaps = new Mishaps();
        CountDownLatch meanwhile = new CountDownLatch(1);
        try (DaemonHere daemon = new DaemonHere(rig)) {
            daemon.start(mishaps);
            new Driver(daemon).reach(StateName.READY);
            mishaps.at(CrashPoint.VERIFY_LANE_HELD, () -> awaitQuietly(meanwhile));
            MigrationControl control = daemon.control();
            MigrationControl.Request click =
                    new MigrationControl.Request(Operation.Type.VERIFY, Map.of(), "", "alice", "click-1");
            Operation first = control.submit(click);
            Await.until("it runs", PATIENCE, () -> mishaps.ahead().isEmpty());
            assertThat(control.submit(click).id()).isEqualTo(first.id());
            assertThatThrownBy(() -> control.submit(
                            new MigrationControl.Request(Operation.Type.CUTOVER, Map.of(), "", "bob", "")))
                    .isInstanceOfSatisfying(FaultException.class, refusal -> {
                        assertThat(refusal.code()).isEqualTo(FaultCode.CONFLICT);
                        assertThat(refusal.code().exitCode()).isEqualTo(4);
                        assertThat(refusal.fault().object()).isEqualTo(first.id());
                        assertThat(refusal.fault().detail())
                                .startsWith("cutover must wait: verify by alice is running since 20");
                    });
            meanwhile.countDown();
            Await.until(
                    "it has ended",
                    PATIENCE,
                    () -> control.operation(first.id())
                            .filter(one -> one.status() == Operation.Status.SUCCEEDED)
                            .isPresent());
            assertThat(control.submit(click).id()).isEqualTo(first.id());
            assertThat(control.operations(10)).hasSize(1);
        } finally {
            meanwhile.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch meanwhile) {
        try {
            meanwhile.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
