package io.viridian.postgres;

import java.sql.Connection;

/** What a library does with a connection lent by {@link Session#lend}. */
@FunctionalInterface
public interface JdbcWork<E extends Exception> {
    void run(Connection connection) throws E;
}
