package io.viridian.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.viridian.plan.Side;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One side's database. Hands out dedicated sessions for long work (streams, chunks, locks, leases) and pooled ones for
 * short control queries; a pool never holds a replication, lock or guard connection. Safe for any thread.
 */
public final class Database implements AutoCloseable {
    /** Status, gates and heartbeats run side by side with one operator's commands; more would only queue on blue. */
    private static final int POOL_SIZE = 4;

    /** Long enough for a name look-up and a TLS handshake on a bad day, short enough to be noticed by a person. */
    private static final int CONNECT_TIMEOUT_SECONDS = 10;

    private static final String SETTINGS = """
            set default_transaction_read_only = off;
            set timezone = 'UTC';
            set datestyle = 'ISO, MDY';
            set intervalstyle = 'postgres';
            set extra_float_digits = 3;
            set bytea_output = 'hex';
            set standard_conforming_strings = on;
            set search_path = public;
            set client_min_messages = warning;
            set lock_timeout = 0;
            set statement_timeout = 0;
            set idle_in_transaction_session_timeout = 0
            """;

    private final Endpoint endpoint;
    private final String applicationName;
    private final Set<Connection> connections =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    private volatile boolean severed;
    private volatile @Nullable HikariDataSource pool;

    public Database(Endpoint endpoint, String applicationName) {
        this.endpoint = endpoint;
        this.applicationName = applicationName;
    }

    public Side side() {
        return endpoint.side();
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /** What our connections are called in {@code pg_stat_activity}, up to their purpose. */
    public String applicationName() {
        return applicationName;
    }

    /** A dedicated session; the caller closes it. {@code purpose} shows in {@code pg_stat_activity}. */
    public Session open(String purpose) {
        return new Session(side(), openConnection(purpose));
    }

    /** As {@link #open}, for a library that speaks JDBC itself; the caller closes it. */
    public Connection openConnection(String purpose) {
        try {
            Connection connection = connect(properties(purpose));
            new Session(side(), connection).execute(SETTINGS);
            return connection;
        } catch (SQLException failure) {
            throw ServerErrors.connectFault(side(), endpoint.toString(), failure);
        }
    }

    /** A walsender connection to this database (manual 14-18, section 55.4); the caller closes it. */
    public Connection openReplication(String purpose) {
        Properties properties = properties(purpose);
        properties.setProperty("replication", "database");
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("assumeMinServerVersion", "14");
        properties.setProperty("socketFactory", ReadAheadSockets.class.getName());
        try {
            Connection connection = connect(properties);
            for (String statement : SETTINGS.split(";")) {
                try (java.sql.Statement one = connection.createStatement()) {
                    one.execute(statement);
                }
            }
            return connection;
        } catch (SQLException failure) {
            throw ServerErrors.connectFault(side(), endpoint + " for replication", failure);
        }
    }

    /** As {@link #openReplication}, for walsender commands that answer rows, like {@code IDENTIFY_SYSTEM}. */
    public Session openWalsender(String purpose) {
        return new Session(side(), openReplication(purpose));
    }

    /** Runs a short piece of work on a pooled session, each statement in its own transaction. */
    public <T> T query(Function<Session, T> work) {
        try (Session session = new Session(side(), tracked(pool().getConnection()))) {
            return work.apply(session);
        } catch (SQLException failure) {
            throw ServerErrors.connectFault(side(), endpoint.toString(), failure);
        }
    }

    /** As {@link #query}, without a result. */
    public void run(Consumer<Session> work) {
        query(session -> {
            work.accept(session);
            return true;
        });
    }

    /** Runs work on a pooled session inside one transaction. */
    public <T> T transaction(Function<Session, T> work) {
        return query(session -> session.transaction(() -> work.apply(session)));
    }

    /**
     * Ends every connection at once and refuses new ones, as the death of the process would. For tests that let a
     * daemon die, and for a daemon that found out that it must not go on.
     */
    public void sever() {
        severed = true;
        for (Connection connection : List.copyOf(connections)) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException alreadyDead) {
                // It is gone, which is all that was wanted.
            }
        }
        connections.clear();
    }

    private Connection connect(Properties properties) throws SQLException {
        return tracked(DriverManager.getConnection(endpoint.jdbcUrl(), properties));
    }

    private Connection tracked(Connection connection) throws SQLException {
        connections.add(connection);
        if (severed) {
            connection.abort(Runnable::run);
            throw new SQLException("this daemon's connections were severed", "57P01");
        }
        return connection;
    }

    private Properties properties(String purpose) {
        Properties properties = new Properties();
        endpoint.properties().forEach(properties::setProperty);
        properties.setProperty("ApplicationName", applicationName + " " + purpose);
        properties.setProperty("connectTimeout", String.valueOf(CONNECT_TIMEOUT_SECONDS));
        properties.setProperty("loginTimeout", String.valueOf(CONNECT_TIMEOUT_SECONDS));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("reWriteBatchedInserts", "false");
        return properties;
    }

    private HikariDataSource pool() throws SQLException {
        HikariDataSource existing = pool;
        if (existing != null) {
            return existing;
        }
        // A pool that cannot connect tries for its whole timeout; here the server's refusal is told at once. Without
        // the lock: a server that does not answer keeps only whoever asks it.
        Properties properties = properties("control");
        return pool(properties, connect(properties));
    }

    private synchronized HikariDataSource pool(Properties properties, Connection first) throws SQLException {
        HikariDataSource existing = pool;
        if (existing != null) {
            first.abort(Runnable::run);
            return existing;
        }
        HikariConfig config = new HikariConfig();
        config.setDataSource(new PoolSource(endpoint.jdbcUrl(), properties, first));
        config.setMaximumPoolSize(POOL_SIZE);
        config.setMinimumIdle(0);
        config.setIdleTimeout(30_000);
        config.setConnectionTimeout(CONNECT_TIMEOUT_SECONDS * 1000L);
        config.setInitializationFailTimeout(-1);
        config.setConnectionInitSql(SETTINGS);
        config.setPoolName("viridian-" + side().text());
        HikariDataSource created = new HikariDataSource(config);
        pool = created;
        return created;
    }

    /** Closes the pool; dedicated sessions are their holders' to close. */
    @Override
    public synchronized void close() {
        HikariDataSource existing = pool;
        if (existing != null) {
            existing.close();
            pool = null;
        }
    }
}
