package io.viridian.system.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.viridian.debezium.DebeziumSource;
import io.viridian.fault.FaultCode;
import io.viridian.feed.CaptureLimits;
import io.viridian.feed.Change;
import io.viridian.feed.ChangeSource;
import io.viridian.feed.ChangeStream;
import io.viridian.feed.spool.SpoolSpace;
import io.viridian.postgres.Database;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass(name = "version {0}")
@ValueSource(ints = {14, 18})
class DebeziumContractTest extends CaptureContract {
    @Parameter
    int major;

    @Override
    protected ChangeSource source(
            Database database, String slot, String publication, Set<String> ownOrigins, SpoolSpace space) {
        return new DebeziumSource(database, slot, publication, ownOrigins, space);
    }

    @Override
    protected CaptureLimits limits() {
        return DebeziumSource.LIMITS;
    }

    @Override
    protected int majorVersion() {
        return major;
    }

    /** The engine makes arrays by a connection of its own, and gives them as null while it has none. */
    @Test
    void aStreamThatLosesAConnectionBesideTheReplicationEnds() throws Exception {
        run("create table lists (id int primary key, numbers int[])");
        run("alter publication contract add table lists");
        run("insert into lists values (1, '{1,2}')");
        try (ChangeStream stream = open()) {
            assertEquals(
                    List.of("insert lists (1, {1,2})"),
                    Script.lines(Script.transactions(stream, 1).getFirst()));
            run("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'contract stream'"
                    + " and datname = current_database() and backend_type <> 'walsender'");
            run("insert into lists values (2, '{3}')");
            assertEquals(FaultCode.STREAM_BROKEN, failureOf(stream).code());
        }
        try (ChangeStream stream = open()) {
            List<List<Change>> transactions = Script.transactions(stream, 2);
            assertEquals(List.of("insert lists (2, {3})"), Script.lines(transactions.get(1)));
        }
    }
}
