package io.viridian.testkit.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One client: performs operations one after the other, writes down what it intends and what it was told, and follows
 * the database to the side that accepts writes. Everything here runs on the writer's own thread; {@link #abort}
 * excepted.
 */
final class Writer implements Runnable {

    /** After a round over all candidates in vain. Short at first, because the pause of a switch is measured here. */
    private static final Duration REST_MIN = Duration.ofMillis(1);

    private static final Duration REST_MAX = Duration.ofMillis(100);

    /** Doubling this often leads from the shortest rest past the longest. */
    private static final int DOUBLINGS_MAX = 7;

    /** A COMMIT without an answer. */
    private record Pending(long id, Operation operation) {}

    private final int number;
    private final Shared shared;
    private final Partition partition;
    private final OperationSource source;
    private final WriterLedger ledger;
    private final Sides sides;
    private @Nullable Pending pending;
    private long dueMicros;

    Writer(int number, Shared shared, Sides sides) {
        this.number = number;
        this.shared = shared;
        this.sides = sides;
        partition = shared.bank().partition(number);
        source = new OperationSource(shared.config(), shared.bank(), number);
        ledger = new WriterLedger(number);
    }

    WriterLedger ledger() {
        return ledger;
    }

    void abort() {
        sides.abort();
    }

    @Override
    public void run() {
        try {
            while (settling() || shared.gate().pass()) {
                turn();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            sides.disconnect();
            shared.gate().leave();
        }
    }

    /** For the checker, which has seen whether the entry exists: while paused or stopped only. */
    void settlePending(boolean present) {
        Pending open = pending;
        if (open != null) {
            settle(open, present);
        }
    }

    OptionalLong pendingOperation() {
        Pending open = pending;
        return open == null ? OptionalLong.empty() : OptionalLong.of(open.id());
    }

    /** Also while the workload pauses or stops: an answer found now spares the checker a doubt. */
    private boolean settling() {
        return pending != null && !shared.gate().hurried();
    }

    private void turn() throws InterruptedException {
        Pending open = pending;
        if (open == null && !due()) {
            return;
        }
        Connection connection;
        try {
            connection = sides.connection();
        } catch (SQLException e) {
            refused(e);
            return;
        }
        if (open != null) {
            settle(connection, open);
        } else {
            attempt(connection);
        }
    }

    /** Holds the rate, without catching up after a pause; false when the state of the workload changed meanwhile. */
    private boolean due() throws InterruptedException {
        if (ledger.operations() >= shared.operationsMaxPerWriter()) {
            shared.gate().rest(REST_MAX);
            return false;
        }
        long intervalMicros = shared.intervalMicros();
        long waitMicros = dueMicros - shared.stopwatch().micros();
        if (waitMicros > 0) {
            shared.gate().rest(Stopwatch.duration(waitMicros));
            if (!shared.gate().running()) {
                return false;
            }
        }
        dueMicros = Math.max(dueMicros, shared.stopwatch().micros() - intervalMicros) + intervalMicros;
        return true;
    }

    private void attempt(Connection connection) throws InterruptedException {
        long id = ledger.issue();
        Operation operation = source.next(id, this::ghost);
        long beganMicros = shared.stopwatch().micros();
        write(beganMicros, id, "intends", operation.kind());
        Transaction transaction = new Transaction(connection, sides.statements(), number, id);
        try {
            operation.perform(transaction);
            transaction.recordEntry(operation.kind());
            if (operation instanceof Operation.RolledBack) {
                connection.rollback();
                end(id, Outcome.ROLLED_BACK, "");
                sides.accepted();
                return;
            }
        } catch (SQLException e) {
            end(id, operation instanceof Operation.RolledBack ? Outcome.ROLLED_BACK : Outcome.REFUSED, code(e));
            noteSurprise(id, operation, e);
            refused(e);
            return;
        }
        commit(connection, id, operation, beganMicros);
    }

    private void commit(Connection connection, long id, Operation operation, long beganMicros)
            throws InterruptedException {
        try {
            connection.commit();
        } catch (SQLException e) {
            if (Refusal.certainlyAborted(e)) {
                end(id, Outcome.REFUSED, code(e));
                noteSurprise(id, operation, e);
            } else {
                end(id, Outcome.UNKNOWN, code(e));
                pending = new Pending(id, operation);
                sides.disconnect();
            }
            refused(e);
            return;
        }
        long micros = shared.stopwatch().micros();
        ledger.acknowledge(id, sides.current(), micros, micros - beganMicros);
        write(micros, id, "acknowledged", micros - beganMicros);
        operation.apply(id, partition, shared.bank());
        sides.accepted();
    }

    /** Waits for a transaction in flight with the same entry, so either answer is final; the probe itself is undone. */
    private void settle(Connection connection, Pending open) throws InterruptedException {
        Transaction transaction = new Transaction(connection, sides.statements(), number, open.id());
        try {
            boolean present = transaction.entryExists(open.operation().kind());
            connection.rollback();
            settle(open, present);
            sides.accepted();
        } catch (SQLException e) {
            refused(e);
        }
    }

    private void settle(Pending open, boolean present) {
        end(open.id(), present ? Outcome.SETTLED_PRESENT : Outcome.SETTLED_ABSENT, "");
        if (present) {
            open.operation().apply(open.id(), partition, shared.bank());
        }
        pending = null;
    }

    private long ghost() {
        long id = ledger.issue();
        end(id, Outcome.ROLLED_BACK, "by a savepoint");
        return id;
    }

    private void refused(SQLException failure) throws InterruptedException {
        sides.refused(Refusal.of(failure));
        int rounds = sides.refusalsInARow() / sides.candidates();
        if (rounds > 0) {
            Duration rest = REST_MIN.multipliedBy(1L << Math.min(rounds - 1, DOUBLINGS_MAX));
            shared.gate().rest(rest.compareTo(REST_MAX) > 0 ? REST_MAX : rest);
        }
    }

    private void noteSurprise(long id, Operation operation, SQLException failure) {
        if (Refusal.of(failure) == Refusal.SURPRISE) {
            shared.surprises()
                    .add("%s %d on %s: %s %s"
                            .formatted(operation.kind(), id, sides.name(), code(failure), failure.getMessage()));
        }
    }

    private void end(long id, Outcome outcome, String detail) {
        ledger.settle(id, outcome);
        write(shared.stopwatch().micros(), id, outcome.name().toLowerCase(Locale.ROOT), detail);
    }

    private void write(long micros, long id, String what, Object detail) {
        shared.journal().write(micros, id, sides.name(), what, detail);
    }

    private static String code(SQLException failure) {
        return String.valueOf(failure.getSQLState());
    }
}
