package io.viridian.testkit.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Writers at work. Install the schema once, start, let things happen, pause or stop, check. The methods are for one
 * thread, that of the test; {@link #measure} and {@link #acknowledged} are for any.
 */
public final class LedgerWorkload implements AutoCloseable {

    /** Longer than the driver waits for an answer, so that a writer in a stalled network still ends by itself. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** After open connections have been aborted, a writer may still be waiting for a new one. */
    private static final Duration LAST_STEPS = Duration.ofSeconds(Sides.SOCKET_TIMEOUT_SECONDS + 5L);

    private final Shared shared;
    private final List<Writer> writers;
    private final List<Thread> threads = new ArrayList<>();
    private boolean stopped;

    private LedgerWorkload(Shared shared, List<Writer> writers) {
        this.shared = shared;
        this.writers = writers;
    }

    /** Creates the schema {@code bank} and its first rows, which is what {@link #start} expects to find. */
    public static void install(Connection connection, LedgerConfig config) throws SQLException {
        LedgerSchema.install(connection, config);
    }

    public static LedgerWorkload start(LedgerConfig config) {
        Shared shared = new Shared(
                config,
                new Bank(config),
                new Gate(),
                new Stopwatch(),
                new JournalFile(config.journal()),
                new Surprises());
        List<Statements> statements = config.sides().stream()
                .map(side -> new Statements(side.dialect()))
                .toList();
        List<Writer> writers = new ArrayList<>();
        for (int number = 0; number < config.writers(); number++) {
            writers.add(new Writer(number, shared, new Sides(config.sides(), statements, "ledger-" + number)));
        }
        LedgerWorkload workload = new LedgerWorkload(shared, List.copyOf(writers));
        workload.startThreads();
        return workload;
    }

    /**
     * Returns when no operation is in flight and none will begin. An operation without an answer is settled first, as
     * long as a side answers.
     */
    public void pause() throws InterruptedException {
        pause(PATIENCE);
    }

    /**
     * The same, within a limit: after it, operations without an answer stay unknown, and connections that still hang
     * are aborted.
     */
    public void pause(Duration limit) throws InterruptedException {
        shared.gate().pause();
        bringToRest(limit);
        shared.journal().flush();
    }

    public void resume() {
        if (stopped) {
            throw new IllegalStateException("a stopped workload does not start again");
        }
        shared.gate().resume();
    }

    /**
     * From its next operation on every writer holds another rate than the configured one.
     *
     * @param operationsPerSecond of all writers together; {@link LedgerConfig#UNLIMITED} for as fast as the servers
     *     answer
     */
    public void pace(int operationsPerSecond) {
        shared.rate().set(operationsPerSecond);
    }

    /** Like a pause for good. */
    public void stop() throws InterruptedException {
        stop(PATIENCE);
    }

    public void stop(Duration limit) throws InterruptedException {
        if (stopped) {
            return;
        }
        shared.gate().stop();
        bringToRest(limit);
        for (Thread thread : threads) {
            thread.join(LAST_STEPS);
        }
        stopped = true;
        shared.journal().close();
    }

    /** Compares databases with this ledger; pause or stop first. */
    public LedgerCheck check() {
        return new LedgerCheck(this);
    }

    /** What the clients experienced in that interval, which may last until now. */
    public Measurements measure(Instant from, Instant to) {
        return Measurements.of(
                writers.stream()
                        .map(writer -> writer.ledger().acknowledgements())
                        .toList(),
                shared.config().sides(),
                shared.stopwatch(),
                from,
                to);
    }

    /** Acknowledged operations so far: a clock by which tests wait for progress. */
    public long acknowledged() {
        return writers.stream()
                .mapToLong(writer -> writer.ledger().acknowledged())
                .sum();
    }

    /** Operations begun so far, however they ended. */
    public long operations() {
        return writers.stream()
                .mapToLong(writer -> writer.ledger().operations())
                .sum();
    }

    /** Operations whose COMMIT has got no answer so far, settled since or not. */
    public long unknown() {
        return writers.stream()
                .map(Writer::ledger)
                .mapToLong(ledger -> ledger.count(Outcome.UNKNOWN)
                        + ledger.count(Outcome.SETTLED_PRESENT)
                        + ledger.count(Outcome.SETTLED_ABSENT))
                .sum();
    }

    /** Stops in haste: for the end of a test that has failed already. */
    @Override
    public void close() {
        try {
            stop(LAST_STEPS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    List<Writer> writers() {
        return writers;
    }

    Bank bank() {
        return shared.bank();
    }

    Surprises surprises() {
        return shared.surprises();
    }

    void requireAtRest() {
        if (shared.gate().running()) {
            throw new IllegalStateException("pause or stop the workload before checking it");
        }
    }

    private void startThreads() {
        for (Writer writer : writers) {
            Thread thread = Thread.ofVirtual()
                    .name("ledger-writer-" + threads.size())
                    .uncaughtExceptionHandler(this::died)
                    .unstarted(writer);
            threads.add(thread);
            thread.start();
        }
    }

    private void died(Thread thread, Throwable failure) {
        shared.surprises().add("%s died: %s".formatted(thread.getName(), failure));
    }

    private void bringToRest(Duration limit) throws InterruptedException {
        if (shared.gate().awaitParked(writers.size(), limit)) {
            return;
        }
        shared.gate().hurry();
        writers.forEach(Writer::abort);
        if (!shared.gate().awaitParked(writers.size(), LAST_STEPS)) {
            throw new IllegalStateException("writers do not come to rest");
        }
    }
}
