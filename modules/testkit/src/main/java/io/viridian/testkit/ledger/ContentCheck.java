package io.viridian.testkit.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compares every row of every table with what its writers remember. One pass per table, a bit per row. */
final class ContentCheck {

    private static final int FETCH_ROWS = 1_000;

    private final Bank bank;
    private final Dialect dialect;
    private final Findings findings;

    /**
     * @param columns expressions; the first is the row's number, counted from 1, the others make its content
     * @param rows how many numbers there are
     * @param content what the columns after the first must say, joined by bars; null where there must be no row
     */
    private record Table(String name, List<String> columns, int rows, LongFunction<@Nullable String> content) {}

    ContentCheck(Bank bank, Dialect dialect, Findings findings) {
        this.bank = bank;
        this.dialect = dialect;
        this.findings = findings;
    }

    void run(Connection connection) throws SQLException {
        for (Table table : tables()) {
            compare(connection, table, findings.topic());
        }
        compareSum(connection);
    }

    private List<Table> tables() {
        return List.of(
                new Table("accounts", columns("accounts", "id", "balance"), bank.accounts(), this::account),
                new Table("counters", columns("counters", "id", "value"), bank.rows(), this::counter),
                new Table("slots", columns("slots", "id", "token"), bank.rows(), this::slot),
                new Table("visits", columns("visits", "id", "operation", "note"), bank.rows(), this::visit),
                new Table(
                        "documents",
                        hashed(columns("documents", "id", "title", "revision", "body")),
                        bank.documents(),
                        this::document),
                new Table(
                        "badges",
                        hashed(columns("badges", "holder", "code", "stamp", "portrait")),
                        bank.documents(),
                        this::badge));
    }

    private String account(long id) {
        return Long.toString(bank.balance((int) id - 1));
    }

    private String counter(long id) {
        return Long.toString(bank.partitionOfRow(id).counters[bank.rowWithin(id)]);
    }

    private String slot(long id) {
        long token = bank.partitionOfRow(id).tokens[bank.rowWithin(id)];
        return token == Partition.NONE ? "null" : Long.toString(token);
    }

    private @Nullable String visit(long id) {
        long operation = bank.partitionOfRow(id).visits[bank.rowWithin(id)];
        return operation == Partition.NONE ? null : operation + "|" + VisitOperation.note(operation);
    }

    private String document(long id) {
        Partition partition = bank.partitionOfDocument(id);
        int row = bank.documentWithin(id);
        return DocumentOperation.title(partition.titles[row]) + "|" + partition.revisions[row] + "|"
                + bank.content().hashOf(id, partition.bodies[row]);
    }

    /** The portrait is written once and never again: whatever happens to its row, it must survive. */
    private String badge(long holder) {
        Partition partition = bank.partitionOfDocument(holder);
        int row = bank.documentWithin(holder);
        return partition.codes[row] + "|" + partition.stamps[row] + "|"
                + bank.content().hashOf(holder, 0);
    }

    private void compare(Connection connection, Table table, Findings.Topic topic) throws SQLException {
        BitSet seen = new BitSet(table.rows());
        String query = "select %s from %s".formatted(String.join(", ", table.columns()), dialect.table(table.name()));
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(FETCH_ROWS);
            try (ResultSet rows = statement.executeQuery(query)) {
                while (rows.next()) {
                    compare(
                            table,
                            rows.getLong(1),
                            content(rows, table.columns().size()),
                            seen,
                            topic);
                }
            }
        }
        for (int id = 1; id <= table.rows(); id++) {
            String expected = table.content().apply(id);
            if (expected != null && !seen.get(id)) {
                topic.add("%s %d is missing, expected %s".formatted(table.name(), id, expected));
            }
        }
    }

    private static void compare(Table table, long id, String found, BitSet seen, Findings.Topic topic) {
        String expected = id >= 1 && id <= table.rows() ? table.content().apply(id) : null;
        if (expected == null) {
            topic.add("%s %d must not exist, found %s".formatted(table.name(), id, found));
            return;
        }
        if (seen.get((int) id)) {
            topic.add("%s %d is there twice".formatted(table.name(), id));
        }
        if (!expected.equals(found)) {
            topic.add("%s %d: expected %s, found %s".formatted(table.name(), id, expected, found));
        }
        seen.set((int) id);
    }

    /** Follows from the single balances; said apart, because it is the sentence everybody understands. */
    private void compareSum(Connection connection) throws SQLException {
        String sum = "select coalesce(sum(%s), 0)::text from %s"
                .formatted(dialect.read("accounts", "balance"), dialect.table("accounts"));
        String expected = Long.toString(bank.accounts() * Bank.INITIAL_BALANCE);
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sum)) {
            rows.next();
            if (!expected.equals(rows.getString(1))) {
                findings.topic().add("the accounts sum up to %s instead of %s".formatted(rows.getString(1), expected));
            }
        }
    }

    private List<String> columns(String table, String... columns) {
        return Stream.of(columns).map(column -> dialect.read(table, column)).toList();
    }

    /** The last column is the large one: only its hash travels. */
    private static List<String> hashed(List<String> columns) {
        int last = columns.size() - 1;
        return Stream.concat(columns.stream().limit(last), Stream.of("md5(%s)".formatted(columns.get(last))))
                .toList();
    }

    private static String content(ResultSet rows, int columns) throws SQLException {
        String[] values = new String[columns - 1];
        for (int column = 2; column <= columns; column++) {
            values[column - 2] = String.valueOf(rows.getString(column));
        }
        return Stream.of(values).collect(Collectors.joining("|"));
    }
}
