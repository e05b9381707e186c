package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.migration.Operation;
import io.viridian.migration.StateName;
import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import io.viridian.testkit.leak.ServerSnapshot;
import io.viridian.testkit.server.ServerPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tables that are merged, split and expanded: there, back with what was written on green, and there again. */
@Timeout(300)
class UnifiedSchemaTest {
    @TempDir
    Path directory;

    private static final String BLUE = """
            create table orders (id int primary key, customer text not null, note text);
            create table archive (id int primary key, customer text not null, note text);
            alter table orders replica identity full;
            alter table archive replica identity full;
            create table party (id int primary key, kind text not null, name text);
            alter table party replica identity full;
            insert into orders select i, 'c' || i, 'n' from generate_series(1, 100) i;
            insert into archive select i, 'c' || i, 'n' from generate_series(101, 200) i;
            insert into party select i, (array['person', 'company', 'nobody'])[1 + i % 3], 'p' || i
            from generate_series(1, 90) i;
            create table human (id int primary key, name text);
            create table firm (id int primary key, name text);
            insert into human select i, 'h' || i from generate_series(1, 40) i;
            insert into firm select i, 'f' || i from generate_series(1, 40) i;
            create table article (id int primary key, title text not null, tags text[] not null default '{}');
            insert into article select i, 't' || i, array(select 'tag ' || m from generate_series(1, i % 4) m)
            from generate_series(1, 60) i;
            """;

    private static final String GREEN = """
            create table purchase (id bigint primary key, customer text not null, note text, state text not null);
            alter table purchase replica identity full;
            create table person (id int primary key, name text);
            create table company (number bigint primary key, title text);
            create table partner (id int primary key, name text);
            alter table partner replica identity full;
            create table article (id int primary key, title text not null);
            create table article_tag (article int, position int, tag text not null, primary key (article, position));
            alter table article_tag replica identity full;
            """;

    private static final String MAPPING = """
            targets:
              purchase:
                rules:
                  - from: orders o
                    columns: { id: o.id, customer: o.customer, note: o.note, state: "'open'" }
                    inverse: { orders: { id: t.id::int } }
                  - from: archive a
                    columns: { id: a.id, customer: a.customer, note: a.note, state: "'done'" }
                    inverse: { archive: { id: t.id::int } }
              person:
                rules:
                  - from: party p
                    where: p.kind = 'person'
                    columns: { id: p.id, name: p.name }
                    inverse: { party: { kind: "'person'" } }
              company:
                rules:
                  - from: party p
                    where: p.kind = 'company'
                    columns: { number: p.id + 1000000, title: upper(p.name) }
                    inverse: { party: { id: (t.number - 1000000)::int, kind: "'company'", name: lower(t.title) } }
              partner:
                rules:
                  - from: human h
                    columns: { id: h.id, name: h.name }
                    owns: t.id < 1000
                  - from: firm f
                    columns: { id: f.id + 1000, name: f.name }
                    owns: t.id >= 1000
                    inverse: { firm: { id: t.id - 1000 } }
              article:
                rules:
                  - from: article a
                    columns: { id: a.id, title: a.title }
              article_tag:
                rules:
                  - from: article a
                    expand: unnest(a.tags) with ordinality as x(tag, position)
                    columns: { article: a.id, position: x.position::int, tag: x.tag }
                    inverse: { article: { tags: "coalesce(array_agg(t.tag order by t.position), '{}')" } }
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String PURCHASES = "select string_agg(x::text, ' ' order by x::text) from (%s) x";

    private static void assertSame(Rig rig) throws SQLException {
        assertThat(rig.ask(Side.GREEN, PURCHASES.formatted("select id, customer, note, state from purchase")))
                .isEqualTo(rig.ask(Side.BLUE, PURCHASES.formatted("""
                        select id, customer, note, 'open' from orders union all
                        select id, customer, note, 'done' from archive""")));
        assertThat(rig.ask(Side.GREEN, PURCHASES.formatted("""
                        select id, name, 'person' from person union all
                        select number - 1000000, lower(title), 'company' from company""")))
                .isEqualTo(rig.ask(
                        Side.BLUE, PURCHASES.formatted("select id, name, kind from party where kind <> 'nobody'")));
        assertThat(rig.ask(Side.GREEN, PURCHASES.formatted("select id, name from partner")))
                .isEqualTo(rig.ask(
                        Side.BLUE,
                        PURCHASES.formatted("select id, name from human union all select id + 1000, name from firm")));
        assertThat(rig.ask(Side.GREEN, PURCHASES.formatted("""
                        select id, title, array(select tag from article_tag where article = id order by position)
                        from article""")))
                .isEqualTo(rig.ask(Side.BLUE, PURCHASES.formatted("select id, title, tags from article")));
    }

    @Test
    void goesThereAndBackAndThereWithRowsThatChangeTheirTables() throws Exception {
        Rig rig = rig();
        List<ServerSnapshot> before = rig.snapshots();
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            rig.execute(Side.BLUE, """
                    begin; insert into archive select * from orders where id <= 10; delete from orders where id <= 10; commit;
                    update firm set name = 'renamed', id = 50 where id = 1;
                    delete from human where id = 1;
                    update party set kind = 'company' where id = 3;
                    update party set kind = 'nobody' where id = 4;
                    update party set kind = 'person' where id = 5;
                    update article set tags = tags || 'more'::text where id % 3 = 0;
                    update article set tags = '{}' where id = 7
                    """);
            assertVerified(driver);
            driver.cutover();
            assertSame(rig);
            rig.execute(Side.GREEN, """
                    update purchase set state = 'done' where id between 20 and 29;
                    update purchase set state = 'open', note = 'reopened' where id between 120 and 129;
                    insert into purchase values (1001, 'new', 'born on green', 'open'), (1002, 'new', 'too', 'done');
                    update purchase set id = 1003 where id = 30;
                    delete from purchase where id in (31, 131);
                    insert into partner values (500, 'a human'), (1500, 'a firm');
                    update partner set id = 1600 where id = 2;
                    update partner set name = upper(name) where id in (3, 1003);
                    delete from partner where id in (4, 1004);
                    begin; delete from person where id = 6; insert into company values (1000006, 'BORN AGAIN'); commit;
                    insert into person values (500, 'born on green');
                    update company set title = 'CHANGED' where number = 1000007;
                    begin; insert into article values (100, 'born on green'); insert into article_tag values (100, 1, 'first'); commit;
                    insert into article_tag values (7, 1, 'again'), (8, 1, 'one'), (9, 3, 'third');
                    update article_tag set tag = upper(tag) where position = 1 and article between 10 and 30;
                    delete from article_tag where article in (41, 42);
                    insert into article_tag select 44, n, 'long ' || n from generate_series(1, 100) n
                    """);
            assertVerified(driver);
            driver.rollback();
            assertSame(rig);
            assertThat(rig.ask(Side.BLUE, "select count(*) from party where kind = 'nobody'"))
                    .as("rows that never left blue")
                    .isEqualTo("30");
            rig.execute(Side.BLUE, """
                    update party set kind = 'person' where id = 500;
                    truncate archive;
                    truncate human;
                    insert into human values (900, 'after truncate');
                    insert into archive values (7, 'after', 'truncate');
                    update article set tags = array_remove(tags, 'first') where id = 100
                    """);
            driver.cutover();
            assertSame(rig);
            driver.finish();
        }
        rig.assertNothingLeft(before);
    }

    @Test
    void saysTheMomentARollbackWouldLoseSomethingAndThatItDoesNotAnyMore() throws Exception {
        Rig rig = rig();
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            driver.cutover();
            awaitRollback(daemon, "lossless");
            rig.execute(Side.GREEN, "insert into company values (1000900, 'Small and Large'), (1000901, 'LARGE')");
            awaitRollback(daemon, "lossy(1)");
            assertThat(rig.ask(Side.BLUE, "select key from viridian.lossy")).isEqualTo("{1000900}");
            daemon.stop();
            driver.revive();
            awaitRollback(daemon, "lossy(1)");
            Await.until(
                    "the event is there",
                    PATIENCE,
                    () -> daemon.control().events(0, 1000).stream()
                            .anyMatch(event -> event.type().equals("rollback.lossy")));
            rig.execute(Side.GREEN, "update company set title = upper(title)");
            awaitRollback(daemon, "lossless");
            driver.rollback();
            assertVerified(driver);
        }
    }

    @Test
    void losesNothingUnlessSomebodyAcceptsItByTheTokenThatThePlanNames() throws Exception {
        Rig rig = rig();
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            driver.cutover();
            assertThat(daemon.control().plan("rollback").findings())
                    .noneMatch(finding -> finding.id().equals("rollback.data-loss"));
            rig.execute(Side.GREEN, "insert into company values (1000900, 'Small and Large'), (1000901, 'LARGE')");
            awaitRollback(daemon, "lossy(1)");

            assertThatThrownBy(() -> daemon.panel().submit(Operation.Type.ROLLBACK, Map.of()))
                    .isInstanceOfSatisfying(FaultException.class, refused -> {
                        assertThat(refused.code()).isEqualTo(FaultCode.GATE_REFUSED);
                        assertThat(refused.fault().object()).contains("rollback.lossless");
                    });
            Finding loss = daemon.control().plan("rollback").findings().getFirst();
            assertThat(loss.id()).isEqualTo("rollback.data-loss");
            assertThat(loss.object()).isEqualTo("lossy(1)");
            assertThat(loss.message()).contains("1 of ", "company");
            String token = loss.fix().substring(loss.fix().lastIndexOf(' ') + 1);
            assertThat(loss.message()).contains(token);

            Panel.Asked done = driver.carryOutWhenAllowed(Operation.Type.ROLLBACK, Map.of("accept_data_loss", token));

            assertThat(done.succeeded()).as(done.result().toString()).isTrue();
            assertThat(daemon.panel().state()).isEqualTo(StateName.ROLLED_BACK);
            assertThat(rig.ask(Side.BLUE, "select name from party where id = 900"))
                    .isEqualTo("small and large");
        }
    }

    private static void awaitRollback(DaemonHere daemon, String wanted) throws InterruptedException {
        Await.until(
                "a rollback is " + wanted,
                PATIENCE,
                () -> daemon.control().view().rollback().equals(wanted));
    }

    private static void assertVerified(Driver driver) throws InterruptedException {
        Panel.Asked verified = driver.carryOut(Operation.Type.VERIFY);
        assertThat(verified.succeeded()).as(verified.result().toString()).isTrue();
        assertThat(verified.result()).containsEntry("clean", "true");
    }

    @Test
    void aRowThatNobodyOwnsIsFound() throws Exception {
        Rig rig = rig();
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            rig.execute(Side.GREEN, """
                    alter table purchase disable trigger all;
                    insert into purchase values (5000, 'nobody', 'rogue', 'unheard of')
                    """);
            Panel.Asked verified = driver.carryOut(Operation.Type.VERIFY);
            assertThat(verified.result()).containsEntry("clean", "false");
        }
    }

    private Rig rig() throws SQLException, IOException {
        Rig rig = new Rig(ServerPair.shared(15, 18), directory)
                .configure("schema:\n  from: none\nmapping: mapping.yaml\n");
        Files.writeString(directory.resolve("mapping.yaml"), MAPPING);
        rig.execute(Side.BLUE, BLUE);
        rig.execute(Side.GREEN, GREEN);
        return rig;
    }
}
