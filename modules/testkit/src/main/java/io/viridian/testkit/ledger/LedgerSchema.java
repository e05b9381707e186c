package io.viridian.testkit.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** The schema {@code bank} on blue, and the rows in it before the first operation. */
final class LedgerSchema {

    private static final String TABLES = """
            create schema bank;
            create sequence bank.ticket_numbers;
            create table bank.accounts (id bigint primary key, owner integer not null, balance bigint not null);
            create table bank.counters (id bigint primary key, value bigint not null);
            create table bank.slots (id bigint primary key, token bigint unique);
            create table bank.visits (id bigint primary key, operation bigint not null, note text not null);
            create table bank.documents (
                id bigint primary key, title text not null, revision bigint not null, body text not null);
            create table bank.badges (
                code bigint primary key, holder bigint not null, stamp bigint not null, portrait text not null);
            create table bank.entries (
                op_id bigint primary key,
                writer integer not null,
                kind text not null,
                ticket bigint not null default nextval('bank.ticket_numbers'));
            -- Large values must leave the row, whatever the compressor of this server can do.
            alter table bank.documents alter column body set storage external;
            alter table bank.badges alter column portrait set storage external;
            """;

    private static final String ACCOUNTS =
            "insert into bank.accounts select id, (id - 1) / ?, ? from generate_series(1, ?::bigint) as id";
    private static final String COUNTERS =
            "insert into bank.counters select id, 0 from generate_series(1, ?::bigint) as id";
    private static final String VISITS =
            "insert into bank.visits select id, 0, 'visit 0' from generate_series(1, ?::bigint) as id";
    private static final String SLOT = "insert into bank.slots values (?, ?)";
    private static final String DOCUMENT = "insert into bank.documents values (?, 'title 0', 0, ?)";
    private static final String BADGE = "insert into bank.badges values (?, ?, 0, ?)";

    /** Bounds the driver's memory: large values of one batch are held together. */
    private static final int BATCH_ROWS = 500;

    private LedgerSchema() {}

    /** All or nothing, in one transaction. */
    static void install(Connection connection, LedgerConfig config) throws SQLException {
        Bank bank = new Bank(config);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(TABLES);
        }
        rows(connection, ACCOUNTS, config.volume().rowsPerWriter(), Bank.INITIAL_BALANCE, bank.rows());
        rows(connection, COUNTERS, bank.rows());
        rows(connection, VISITS, bank.rows());
        slots(connection, bank);
        documents(connection, bank);
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static void rows(Connection connection, String insert, long... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(insert)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setLong(i + 1, parameters[i]);
            }
            statement.executeUpdate();
        }
    }

    private static void slots(Connection connection, Bank bank) throws SQLException {
        try (PreparedStatement slot = connection.prepareStatement(SLOT)) {
            for (long id = 1; id <= bank.rows(); id++) {
                long token = bank.partitionOfRow(id).tokens[bank.rowWithin(id)];
                slot.setLong(1, id);
                slot.setObject(2, token == Partition.NONE ? null : token, java.sql.Types.BIGINT);
                slot.addBatch();
                executeFull(slot, id);
            }
            slot.executeBatch();
        }
    }

    private static void documents(Connection connection, Bank bank) throws SQLException {
        try (PreparedStatement document = connection.prepareStatement(DOCUMENT);
                PreparedStatement badge = connection.prepareStatement(BADGE)) {
            for (long id = 1; id <= bank.documents(); id++) {
                String content = bank.content().of(id, 0);
                document.setLong(1, id);
                document.setString(2, content);
                document.addBatch();
                badge.setLong(1, bank.partitionOfDocument(id).codes[bank.documentWithin(id)]);
                badge.setLong(2, id);
                badge.setString(3, content);
                badge.addBatch();
                executeFull(document, id);
                executeFull(badge, id);
            }
            document.executeBatch();
            badge.executeBatch();
        }
    }

    private static void executeFull(PreparedStatement statement, long rows) throws SQLException {
        if (rows % BATCH_ROWS == 0) {
            statement.executeBatch();
        }
    }
}
