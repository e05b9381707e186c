package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.plan.Side;
import io.viridian.testkit.Await;
import java.sql.SQLException;
import java.time.Duration;

/**
 * A table without a key beside the ledger's: a trigger on the ledger's entries inserts into it twice, changes one and
 * sometimes deletes one of rows that are equal in every column. How many there must be follows from the entries, on
 * whichever side those are written, and those written before the table was created have theirs from the beginning; a
 * trigger that fires for rows the stream brings shows as too many.
 */
final class KeylessLog {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String TABLE = """
            create table bank.log (writer integer not null, kind text, note text);
            alter table bank.log replica identity full;
            create index log_of_writer on bank.log (writer);
            insert into bank.log select -1, case when n % 2 = 0 then 'old' end, null from generate_series(1, 3000) n;
            insert into bank.log select writer, kind, 'equal'
            from bank.entries, generate_series(1, case when op_id % 3 = 0 then 1 else 2 end);
            create function bank.log_entry() returns trigger language plpgsql as $$
            begin
                insert into bank.log values (new.writer, new.kind, 'equal'), (new.writer, new.kind, 'equal');
                update bank.log set note = null where ctid =
                    (select ctid from bank.log where writer = new.writer and note = 'equal' limit 1);
                if new.op_id % 3 = 0 then
                    delete from bank.log where ctid =
                        (select ctid from bank.log where writer = new.writer limit 1);
                end if;
                return null;
            end $$;
            create trigger log_entry after insert on bank.entries for each row execute function bank.log_entry();
            """;

    private static final String SURPLUS = """
            select (select count(*) from bank.log) - 3000
                - (select coalesce(sum(case when op_id % 3 = 0 then 1 else 2 end), 0) from bank.entries)
            """;

    private static final String CONTENT =
            "select coalesce(md5(string_agg(l::text, ',' order by l::text collate \"C\")), '') from bank.log l";

    private KeylessLog() {}

    static void install(Rig rig) throws SQLException {
        rig.execute(Side.BLUE, TABLE);
    }

    static void assertCleanOn(Rig rig, Side owner) throws SQLException {
        assertThat(rig.ask(owner, SURPLUS)).as("rows too many in bank.log").isEqualTo("0");
    }

    /** While nobody writes: the other side comes to hold the same rows, each as often, though the daemon may die. */
    static void awaitSameOnBoth(Rig rig, Driver driver) throws InterruptedException {
        Await.until("bank.log is the same on both sides", PATIENCE, () -> {
            driver.revive();
            return rig.ask(Side.BLUE, CONTENT).equals(rig.ask(Side.GREEN, CONTENT));
        });
    }
}
