package io.viridian.postgres.route;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.postgres.Database;
import io.viridian.postgres.PoolerConnections;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A transaction of an ordinary role at wherever a route leads. It leaves a mark that only the server it reached can
 * show, writes nothing to a table whose guard would refuse a real row, and is undone. One thread.
 */
public final class RouteVisit implements AutoCloseable {
    /** A switch holds the locks that a writer waits for; whoever waits longer stands in its way. */
    private static final String PATIENCE = "set local lock_timeout = '500ms'";

    /** {@code pg_locks} shows a key of 64 bits in two halves (manual 14-18, section 54.12). */
    private static final String MARKED = """
            select exists (select from pg_locks
                           where locktype = 'advisory' and granted and objsubid = 1
                             and database = (select oid from pg_database where datname = current_database())
                             and (classid::bigint << 32) | objid::bigint = ?)
            """;

    /**
     * A mapped table that the role may write, with what it may do there: it carries the guard, or is at least read by
     * us. All of the catalog is open to everybody.
     */
    private static final String WRITABLE = """
            select pg_catalog.format('%I.%I', n.nspname, c.relname), has_table_privilege(c.oid, 'delete')
            from (select tgrelid as relation from pg_trigger where tgname = '!viridian_guard' and not tgisinternal
                  union select r.prrelid from pg_publication_rel r join pg_publication p on p.oid = r.prpubid
                        where starts_with(p.pubname, 'viridian_')) as mapped
            join pg_class c on c.oid = mapped.relation join pg_namespace n on n.oid = c.relnamespace
            where has_schema_privilege(n.oid, 'usage')
              and (has_table_privilege(c.oid, 'delete') or has_table_privilege(c.oid, 'insert'))
            order by 2 desc, c.oid limit 1
            """;

    private final RouteAddress address;
    private final Connection connection;

    private RouteVisit(RouteAddress address, Connection connection) {
        this.address = address;
        this.connection = connection;
    }

    /**
     * Connects.
     *
     * @param timeout for connecting and for each answer; rounded up to seconds for the first
     * @throws FaultException with TRAFFIC_FAILED
     */
    public static RouteVisit open(RouteAddress address, Duration timeout) {
        try {
            Connection connection =
                    PoolerConnections.open(address.jdbcUrl(), address.properties(), "viridian probe", timeout);
            connection.setAutoCommit(false);
            return new RouteVisit(address, connection);
        } catch (SQLException failure) {
            throw failed(address, "cannot be taken: " + failure.getMessage(), failure);
        }
    }

    /**
     * Leaves a mark that {@link #marked} finds on the server reached, until the visit ends.
     *
     * @throws FaultException with TRAFFIC_FAILED
     */
    public void mark(long number) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(PATIENCE);
            statement.execute("select pg_advisory_xact_lock(" + number + ")");
        } catch (SQLException failure) {
            throw failed(address, "leads to a server that serves nothing: " + failure.getMessage(), failure);
        }
    }

    /** Whether a visit is in this database now that left the mark. */
    public static boolean marked(Database database, long number) {
        return database.query(session -> session.one(MARKED, row -> row.truth(1), number));
    }

    /**
     * Does what an application does, but to no row: a statement that changes none is refused like any other by a closed
     * guard, by a standby and by a session that is read only.
     *
     * @throws FaultException with TRAFFIC_FAILED, saying what the server said
     */
    public void write() {
        try (Statement statement = connection.createStatement()) {
            statement.execute(emptyWrite(statement));
            connection.rollback();
        } catch (SQLException failure) {
            throw failed(address, "leads to where writes are refused: " + failure.getMessage(), failure);
        }
    }

    private String emptyWrite(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery(WRITABLE)) {
            if (!rows.next()) {
                throw failed(
                        address,
                        "is taken by a role that may neither delete from nor insert into any migrated table; name the"
                                + " role of the application under cutover.probe",
                        null);
            }
            String table = rows.getString(1);
            return rows.getBoolean(2)
                    ? "delete from " + table + " where false"
                    : "insert into " + table + " select where false";
        }
    }

    private static FaultException failed(RouteAddress address, String what, @Nullable SQLException failure) {
        Fault fault = Fault.about(FaultCode.TRAFFIC_FAILED, address.name(), "the route " + address + " " + what);
        return failure == null ? fault.asException() : fault.asException(failure);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException failure) {
            throw failed(address, "is gone: " + failure.getMessage(), failure);
        }
    }
}
