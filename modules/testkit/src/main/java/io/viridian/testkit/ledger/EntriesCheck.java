package io.viridian.testkit.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;

/** Compares the entries in the database with the ids that were given out: one pass, a bit per operation. */
final class EntriesCheck {

    private static final int FETCH_ROWS = 10_000;

    private final List<Writer> writers;
    private final Findings.Topic findings;
    private final List<BitSet> seen;
    private long lost;
    private long doubled;
    private long invented;

    EntriesCheck(List<Writer> writers, Findings findings) {
        this.writers = writers;
        this.findings = findings.topic();
        seen = Stream.generate(BitSet::new).limit(writers.size()).toList();
    }

    long lost() {
        return lost;
    }

    long doubled() {
        return doubled;
    }

    long invented() {
        return invented;
    }

    /** Also settles what is still unknown, so that the content can be compared afterwards. */
    void run(Connection connection, Dialect dialect) throws SQLException {
        String entries = "select %s from %s".formatted(dialect.read("entries", "op_id"), dialect.table("entries"));
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(FETCH_ROWS);
            try (ResultSet rows = statement.executeQuery(entries)) {
                while (rows.next()) {
                    see(rows.getLong(1));
                }
            }
        }
        for (Writer writer : writers) {
            writer.pendingOperation().ifPresent(operation -> writer.settlePending(seen(operation)));
        }
        countLost();
        reusedTickets(connection, dialect);
    }

    private void see(long operation) {
        int writer = WriterLedger.writer(operation);
        if (writer < 0
                || writer >= writers.size()
                || !writers.get(writer).ledger().outcome(operation).allowsEntry()) {
            invented++;
            findings.add("entry %d was never acknowledged".formatted(operation));
            return;
        }
        if (seen(operation)) {
            doubled++;
            findings.add("entry %d is there twice".formatted(operation));
            return;
        }
        seen.get(writer).set(WriterLedger.sequence(operation));
    }

    private boolean seen(long operation) {
        return seen.get(WriterLedger.writer(operation)).get(WriterLedger.sequence(operation));
    }

    private void countLost() {
        for (Writer writer : writers) {
            WriterLedger ledger = writer.ledger();
            for (int sequence = 1; sequence <= ledger.operations(); sequence++) {
                long operation = ledger.operation(sequence);
                if (ledger.outcome(operation).demandsEntry() && !seen(operation)) {
                    lost++;
                    findings.add("entry %d was acknowledged and is not there".formatted(operation));
                }
            }
        }
    }

    /** A sequence that was not carried over hands out its values again on the other side. */
    private void reusedTickets(Connection connection, Dialect dialect) throws SQLException {
        String ticket = dialect.read("entries", "ticket");
        String reused = "select count(*) - count(distinct %s) from %s".formatted(ticket, dialect.table("entries"));
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(reused)) {
            rows.next();
            if (rows.getLong(1) > doubled) {
                findings.add("%d values of the ticket sequence were handed out again".formatted(rows.getLong(1)));
            }
        }
    }
}
