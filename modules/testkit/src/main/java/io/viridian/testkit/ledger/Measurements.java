package io.viridian.testkit.ledger;

import io.viridian.testkit.ledger.WriterLedger.Acknowledgements;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the clients experienced in an interval, by their own clocks.
 *
 * @param acknowledged writes in the interval
 * @param pauses per writer, the longest time between two acknowledged writes that touches the interval; an interval that
 *     ends in silence counts up to its end
 * @param sides in the order of the configuration
 */
public record Measurements(
        Instant from, Instant to, long acknowledged, List<Duration> pauses, Latency latency, List<SideActivity> sides) {

    /** From the first statement of an operation to the answer of its COMMIT; zero where nothing was acknowledged. */
    public record Latency(Duration p50, Duration p95, Duration p99, Duration longest) {}

    /** When a side acknowledged writes within the interval: on blue, none may come after the switch. */
    public record SideActivity(String side, long acknowledged, Optional<Instant> first, Optional<Instant> last) {}

    public Measurements {
        pauses = List.copyOf(pauses);
        sides = List.copyOf(sides);
    }

    /** The write pause of a switch within the interval, as its unluckiest client saw it. */
    public Duration longestPause() {
        return pauses.stream().max(Duration::compareTo).orElse(Duration.ZERO);
    }

    static Measurements of(
            List<Acknowledgements> writers, List<Side> sides, Stopwatch stopwatch, Instant from, Instant to) {
        long fromMicros = stopwatch.micros(from);
        long toMicros = stopwatch.micros(to);
        List<Duration> pauses = new ArrayList<>();
        int[] latencies = new int
                [writers.stream().mapToInt(writer -> writer.micros().length).sum()];
        int count = 0;
        long[] acknowledged = new long[sides.size()];
        long[] first = new long[sides.size()];
        long[] last = new long[sides.size()];
        Arrays.fill(first, Long.MAX_VALUE);
        for (Acknowledgements writer : writers) {
            pauses.add(Stopwatch.duration(longestGap(writer.micros(), fromMicros, toMicros)));
            for (int i = 0; i < writer.micros().length; i++) {
                long micros = writer.micros()[i];
                if (micros >= fromMicros && micros <= toMicros) {
                    int side = writer.sides()[i];
                    latencies[count++] = writer.latencyMicros()[i];
                    acknowledged[side]++;
                    first[side] = Math.min(first[side], micros);
                    last[side] = Math.max(last[side], micros);
                }
            }
        }
        List<SideActivity> activities = new ArrayList<>();
        for (int side = 0; side < sides.size(); side++) {
            Optional<Integer> active = Optional.of(side).filter(index -> acknowledged[index] > 0);
            activities.add(new SideActivity(
                    sides.get(side).name(),
                    acknowledged[side],
                    active.map(index -> stopwatch.instant(first[index])),
                    active.map(index -> stopwatch.instant(last[index]))));
        }
        return new Measurements(from, to, count, pauses, latency(Arrays.copyOf(latencies, count)), activities);
    }

    private static long longestGap(long[] micros, long from, long to) {
        long longest = 0;
        long previous = 0;
        for (long next : micros) {
            if (next >= from && previous <= to) {
                longest = Math.max(longest, next - previous);
            }
            previous = next;
        }
        return previous <= to ? Math.max(longest, to - previous) : longest;
    }

    private static Latency latency(int[] micros) {
        Arrays.sort(micros);
        return new Latency(
                percentile(micros, 0.50), percentile(micros, 0.95), percentile(micros, 0.99), percentile(micros, 1));
    }

    private static Duration percentile(int[] sorted, double rank) {
        if (sorted.length == 0) {
            return Duration.ZERO;
        }
        int index = (int) Math.ceil(rank * sorted.length) - 1;
        return Stopwatch.duration(sorted[Math.max(0, index)]);
    }
}
