package io.viridian.testkit.ledger;

import java.util.concurrent.TimeUnit;

/** What all writers of a workload have in common. */
record Shared(
        LedgerConfig config, Bank bank, Gate gate, Stopwatch stopwatch, JournalFile journal, Surprises surprises) {

    /** Between two operations of one writer; 0 for as fast as possible. */
    long intervalMicros() {
        int rate = config.operationsPerSecond();
        return rate == LedgerConfig.UNLIMITED ? 0 : TimeUnit.SECONDS.toMicros(1) * config.writers() / rate;
    }

    int operationsMaxPerWriter() {
        return config.operationsMax() / config.writers();
    }
}
