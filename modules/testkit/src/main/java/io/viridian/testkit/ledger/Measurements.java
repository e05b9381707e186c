package io.viridian.testkit.ledger;

import io.viridian.testkit.ledger.WriterLedger.Acknowledgements;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the clients experienced in an interval, by their own clocks.
 *
 * @param acknowledged writes in the interval
 * @param pauses per writer, the longest time between two acknowledged writes that touches the interval; an interval
 *     that ends in silence counts up to its end
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
        IntStream.Builder latencies = IntStream.builder();
        List<Tally> tallies = Stream.generate(Tally::new).limit(sides.size()).toList();
        for (Acknowledgements writer : writers) {
            pauses.add(Stopwatch.duration(longestGap(writer.micros(), fromMicros, toMicros)));
            for (int i = 0; i < writer.micros().length; i++) {
                long micros = writer.micros()[i];
                if (micros >= fromMicros && micros <= toMicros) {
                    tallies.get(writer.sides()[i]).add(micros);
                    latencies.add(writer.latencyMicros()[i]);
                }
            }
        }
        List<SideActivity> activities = IntStream.range(0, sides.size())
                .mapToObj(side -> tallies.get(side).activity(sides.get(side).name(), stopwatch))
                .toList();
        long acknowledged =
                activities.stream().mapToLong(SideActivity::acknowledged).sum();
        return new Measurements(
                from,
                to,
                acknowledged,
                pauses,
                latency(latencies.build().sorted().toArray()),
                activities);
    }

    /** One side's acknowledgements, counted. One thread. */
    private static final class Tally {
        private long acknowledged;
        private long first;
        private long last;

        void add(long micros) {
            first = acknowledged == 0 ? micros : Math.min(first, micros);
            last = Math.max(last, micros);
            acknowledged++;
        }

        SideActivity activity(String side, Stopwatch stopwatch) {
            return acknowledged == 0
                    ? new SideActivity(side, 0, Optional.empty(), Optional.empty())
                    : new SideActivity(
                            side,
                            acknowledged,
                            Optional.of(stopwatch.instant(first)),
                            Optional.of(stopwatch.instant(last)));
        }
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

    private static Latency latency(int[] sorted) {
        return new Latency(
                percentile(sorted, 0.50), percentile(sorted, 0.95), percentile(sorted, 0.99), percentile(sorted, 1));
    }

    private static Duration percentile(int[] sorted, double rank) {
        if (sorted.length == 0) {
            return Duration.ZERO;
        }
        int index = (int) Math.ceil(rank * sorted.length) - 1;
        return Stopwatch.duration(sorted[Math.max(0, index)]);
    }
}
