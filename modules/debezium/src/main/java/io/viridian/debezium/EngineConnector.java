package io.viridian.debezium;

import io.debezium.jdbc.JdbcConfiguration;
import io.debezium.jdbc.JdbcConnection;
import java.sql.Connection;
import java.sql.SQLException;

/** What the engine asks for connections; it creates one by its name. */
public final class EngineConnector implements JdbcConnection.ConnectionFactory {
    /** The key, behind {@code database.}, that tells whose connections these are. */
    static final String RUN = "viridian.run";

    /** Called by Debezium. */
    public EngineConnector() {}

    @Override
    public Connection connect(JdbcConfiguration configuration) throws SQLException {
        EngineConnections connections = EngineConnections.of(configuration.getString(RUN));
        if (connections == null) {
            throw new SQLException("the change stream was closed", "08003");
        }
        return connections.connect(configuration.getString("replication") != null);
    }
}
