package io.viridian.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.junit.jupiter.api.Test;

class GoalsTest {
    private static final Spread ONE = new Spread(1, 1, 1);

    @Test
    void everyGoalHasItsRatioAndItsVerdict() {
        assertThat(Goals.of(Measured.results()))
                .extracting(Goal::what, Goal::value, Goal::goal, Goal::verdict)
                .containsExactly(
                        tuple("initial load ÷ pgcopydb", "0.67", "≤ 0.80", "met"),
                        tuple("initial load ÷ native initial sync", "0.56", "≤ 0.60", "met"),
                        tuple("initial load ÷ bare COPY and key", "1.25", "≤ 1.15", "missed"),
                        tuple("load through names and numbers ÷ identity load", "1.10", "≤ 1.30", "met"),
                        tuple("load through upper() ÷ bare COPY of its SELECT", "1.20", "≤ 1.15", "missed"),
                        tuple("drain ÷ native apply", "1.80", "≥ 1.80", "met"),
                        tuple("drain ÷ walsender alone", "0.90", "≥ 0.80", "met"),
                        tuple("drain through names and numbers ÷ native apply", "1.30", "≥ 1.30", "met"),
                        tuple("drain through upper() ÷ native apply", "1.20", "≥ 1.30", "missed"),
                        tuple("cold daemon, until 80 % of its drain rate", "6 s", "≤ 10 s", "met"),
                        tuple("lag end to end, p99", "120 ms", "≤ 250 ms at 2,000 transactions/s", "not shown"),
                        tuple("full verification ÷ bare hash", "1.25", "≤ 1.50", "met"),
                        tuple("write pause of a cutover, p50", "140 ms", "≤ 150 ms", "met"),
                        tuple("write pause of a cutover, p99", "600 ms", "≤ 500 ms", "missed"),
                        tuple(
                                "write pause of a rollback, p50",
                                "140 ms",
                                "≤ 150 ms at 2,000 transactions/s",
                                "not shown"),
                        tuple(
                                "write pause of a rollback, p99",
                                "450 ms",
                                "≤ 500 ms at 2,000 transactions/s",
                                "not shown"),
                        tuple("guard on blue, a statement", "3 µs", "≤ 20 µs", "met"),
                        tuple("heap of daemon and writers, at most", "315 MB", "≤ 512 MB", "met"));
    }

    @Test
    void theRangeIsThatOfSingleRounds() {
        assertThat(Goals.of(Measured.results()).get(1).range()).isEqualTo("0.50 – 0.63");
    }

    @Test
    void whatIsMissedUnderLessLoadIsMissed() {
        assertThat(new Goal("lag", ONE, true, 0.5, "ms", "at more").verdict()).isEqualTo("missed");
        assertThat(new Goal("lag", ONE, true, 1.5, "ms", "at more").verdict()).isEqualTo("not shown");
        assertThat(new Goal("lag", ONE, true, 1.5, "ms", "").verdict()).isEqualTo("met");
    }

    @Test
    void theLimitItselfIsGoodEnough() {
        assertThat(Goal.atMost("load", ONE, 1).verdict()).isEqualTo("met");
        assertThat(Goal.atLeast("drain", ONE, 1).verdict()).isEqualTo("met");
    }
}
