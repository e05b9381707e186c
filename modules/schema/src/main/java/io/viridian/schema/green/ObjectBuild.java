package io.viridian.schema.green;

import io.viridian.fault.Ambiguity;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Sql;
import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import io.viridian.time.Backoff;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Builds one step in a transaction of its own, together with the note that it is built. While the change stream writes
 * to the same tables, locks are asked for again and again instead of waited for: whoever waits for an exclusive lock
 * holds up everybody behind it.
 */
final class ObjectBuild {
    /**
     * Longer than deadlock_timeout (1 s), because only a waiter that gets there makes autovacuum let go of a table
     * freshly loaded; short enough for a stream that has to stand in line behind us.
     */
    private static final String LOCK_TIMEOUT = "set local lock_timeout = '3s'";

    /** About five minutes in all: a window of the stream takes milliseconds, a transaction that big minutes. */
    private static final Backoff LOCKS = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), 40);

    private static final String INDEX_THERE = "select pg_get_indexdef(to_regclass(?))";

    private static final String CONSTRAINT_THERE = """
            select replace(pg_get_constraintdef(con.oid), ' NOT VALID', ''), coalesce(i.relname, '')
            from pg_constraint con left join pg_class i on i.oid = con.conindid
            where con.conrelid = ?::regclass and con.conname = ?
            """;

    private static final String HOLDERS = """
            select distinct l.pid || coalesce(' (' || nullif(a.application_name, '') || ')', '')
            from pg_locks l join pg_stat_activity a using (pid)
            where l.relation = ?::regclass and l.granted and l.pid <> pg_backend_pid()
              and l.database = (select oid from pg_database where datname = current_database())
            """;

    private final DeferredLedger ledger;
    private final Consumer<Consumer<Session>> sessions;
    private final Waiter waiter = new Waiter();

    /**
     * Builds what a ledger holds.
     *
     * @param sessions opens a session for a piece of work, and closes it
     */
    ObjectBuild(DeferredLedger ledger, Consumer<Consumer<Session>> sessions) {
        this.ledger = ledger;
        this.sessions = sessions;
    }

    /** Builds it, however often a lock is refused within bounds. */
    void build(DeferredLedger.Entry entry) throws InterruptedException {
        List<RuntimeException> failures = new ArrayList<>();
        for (int attempt = 1; LOCKS.mayTryAgainAfter(attempt); attempt++) {
            try {
                attempt(entry);
                return;
            } catch (Ambiguity unknown) {
                // The next attempt reads the note, and waits for the lost transaction if that still runs.
                failures.add(unknown);
            } catch (FaultException failure) {
                if (failure.code() != FaultCode.GREEN_BUSY) {
                    throw failure;
                }
                failures.add(failure);
            }
            waiter.await(LOCKS.waitAfter(attempt));
        }
        throw gaveUp(entry.object(), failures);
    }

    /** Builds it at once or not at all. */
    void attempt(DeferredLedger.Entry entry) {
        sessions.accept(session -> {
            try {
                session.transaction(() -> build(session, entry));
            } catch (FaultException failure) {
                throw refused(entry.object(), failure);
            }
        });
    }

    private void build(Session session, DeferredLedger.Entry entry) {
        session.execute(LOCK_TIMEOUT);
        if (!ledger.lock(session, entry)) {
            return;
        }
        if (!there(session, entry.object())) {
            session.execute(entry.object().createSql());
        }
        ledger.built(session, entry);
    }

    /** Whether somebody has built it by hand; refuses when it is there under its name but in another form. */
    private static boolean there(Session session, DeferredObject object) {
        List<String> forms = switch (object.kind()) {
            case KEY_INDEX, INDEX ->
                session
                        .one(
                                INDEX_THERE,
                                row -> row.optionalText(1),
                                new TableName(object.table().schema(), object.name()).sql())
                        .stream()
                        .toList();
            case KEY_CONSTRAINT, CONSTRAINT, FOREIGN_KEY -> constraintForms(session, object);
            case VALIDATION, MARK, STATISTICS -> List.of();
        };
        if (!forms.isEmpty() && forms.stream().noneMatch(object.createSql()::contains)) {
            throw Fault.about(
                            FaultCode.SCHEMA_FAILED,
                            object.table() + "." + object.name(),
                            "green has the " + object + " already, but as '" + forms.getFirst()
                                    + "' and not as it was: '" + object.createSql() + "'; drop it, then resume")
                    .asException();
        }
        return !forms.isEmpty();
    }

    private static List<String> constraintForms(Session session, DeferredObject object) {
        return session
                .list(
                        CONSTRAINT_THERE,
                        row -> List.of(row.text(1), "using index " + Sql.identifier(row.text(2))),
                        object.table().sql(),
                        object.name())
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    private FaultException gaveUp(DeferredObject object, List<RuntimeException> failures) {
        List<String> holders = new ArrayList<>();
        sessions.accept(session -> holders.addAll(
                session.list(HOLDERS, row -> row.text(1), object.table().sql())));
        RuntimeException last = failures.removeLast();
        failures.forEach(last::addSuppressed);
        return Fault.about(
                        FaultCode.LOCK_TIMEOUT,
                        object.table().toString(),
                        "the " + object + " could not be built in " + (failures.size() + 1) + " attempts: "
                                + last.getMessage() + "; locks on " + object.table() + " are held by process "
                                + holders)
                .asException(last);
    }

    /** Rows that do not satisfy a constraint are the operator's to mend; the server's message has the values. */
    private static FaultException refused(DeferredObject object, FaultException failure) {
        boolean rows = failure.fault().sqlState().startsWith("23");
        if (!rows && failure.code() != FaultCode.GREEN_FAILED) {
            return failure;
        }
        return new FaultException(
                new Fault(
                        rows ? FaultCode.ROW_REFUSED : FaultCode.SCHEMA_FAILED,
                        "the " + object + " cannot be built: " + failure.fault().detail(),
                        object.table() + "." + object.name(),
                        failure.fault().sqlState()),
                failure);
    }
}
