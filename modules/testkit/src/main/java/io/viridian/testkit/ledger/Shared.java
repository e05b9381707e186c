package io.viridian.testkit.ledger;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all writers of a workload have in common.
 *
 * @param rate operations a second of all of them together, now
 */
record Shared(
        LedgerConfig config,
        Bank bank,
        Gate gate,
        Stopwatch stopwatch,
        JournalFile journal,
        Surprises surprises,
        AtomicInteger rate) {

    Shared(LedgerConfig config, Bank bank, Gate gate, Stopwatch stopwatch, JournalFile journal, Surprises surprises) {
        this(config, bank, gate, stopwatch, journal, surprises, new AtomicInteger(config.operationsPerSecond()));
    }

    /** Between two operations of one writer; 0 for as fast as possible. */
    long intervalMicros() {
        int rate = rate().get();
        return rate == LedgerConfig.UNLIMITED ? 0 : TimeUnit.SECONDS.toMicros(1) * config.writers() / rate;
    }

    int operationsMaxPerWriter() {
        return config.operationsMax() / config.writers();
    }
}
