package io.viridian.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * What a pool draws its connections from: first the one that is there already, because somebody tried whether the
 * server lets us in, then new ones. Any thread.
 */
@SuppressWarnings("serial") // Data sources are serializable; nobody writes this one anywhere.
final class PoolSource extends PGSimpleDataSource {
    private final String jdbcUrl;
    private final Properties properties;
    private final AtomicReference<Connection> first;

    PoolSource(String jdbcUrl, Properties properties, Connection first) {
        this.jdbcUrl = jdbcUrl;
        this.properties = properties;
        this.first = new AtomicReference<>(first);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection waiting = first.getAndSet(null);
        return waiting != null ? waiting : DriverManager.getConnection(jdbcUrl, properties);
    }
}
