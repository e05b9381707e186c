package io.viridian.testkit.ledger;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Monotonic time since the workload began, and its relation to the wall clock as of then. */
final class Stopwatch {

    private final Instant began = Instant.now();
    private final long beganNanos = System.nanoTime();

    long micros() {
        return (System.nanoTime() - beganNanos) / 1_000;
    }

    long micros(Instant instant) {
        return ChronoUnit.MICROS.between(began, instant);
    }

    Instant instant(long micros) {
        return began.plus(micros, ChronoUnit.MICROS);
    }

    static Duration duration(long micros) {
        return Duration.of(micros, ChronoUnit.MICROS);
    }
}
