package io.viridian.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.replication.lane.ApplyLane;
import io.viridian.testkit.server.ServerPair;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many tables that hold next to nothing: what is not copying must not cost more than the copying. */
class SmallTablesTest {
    private static final List<String> TABLES =
            IntStream.rangeClosed(1, 12).mapToObj(number -> "small_" + number).toList();

    private static final String NOTE_WHO_MERGES = """
            create table merged_by (pid int);
            create function note() returns trigger language plpgsql as
                $$ begin insert into public.merged_by values (pg_backend_pid()); return null; end $$;
            create trigger note after update on viridian.chunk for each row when (new.state = 'MERGED')
                execute function note();
            alter table viridian.chunk enable always trigger note;
            """;

    @Test
    void areCopiedOnOneConnectionForEachWorker() throws Exception {
        String schema = TABLES.stream()
                .map(table -> "create table " + table + " (id int primary key, v text);")
                .collect(Collectors.joining());
        try (Replica replica = Replica.asItIs(ServerPair.shared(18, 18), schema)) {
            TABLES.forEach(table ->
                    replica.onBlue("insert into " + table + " select i, 'v' || i from generate_series(1, 5) as i"));
            replica.onBlue("analyze");
            replica.connect();
            ApplyLane lane = replica.lane();
            replica.onGreen(NOTE_WHO_MERGES);
            replica.wholeTables(lane).run();
            replica.assertSame(TABLES.toArray(String[]::new));
            assertThat(replica.value(replica.green, "select count(*) from merged_by"))
                    .isEqualTo("12");
            assertThat(replica.rows(replica.green, "select distinct pid from merged_by"))
                    .hasSizeLessThanOrEqualTo(replica.workers);
        }
    }
}
