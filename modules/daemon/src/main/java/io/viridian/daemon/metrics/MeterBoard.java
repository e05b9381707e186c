package io.viridian.daemon.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.viridian.fault.Invariant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Shows numbers under the names of {@link Metric}. Gauges are set all at once per refresh, so that a series whose value
 * is not known disappears instead of telling an old one. One thread at a time.
 */
final class MeterBoard {
    /** Around the goals of a write pause (150 ms, 500 ms) and its default budget (3 s). */
    private static final Duration[] PAUSE_BUCKETS = {
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(150),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(3),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10)
    };

    private final MeterRegistry registry;
    private final Map<Metric, MultiGauge> gauges = new EnumMap<>(Metric.class);
    private final Map<Metric, List<MultiGauge.Row<?>>> rows = new EnumMap<>(Metric.class);
    private final Map<String, AtomicLong> counters = new HashMap<>();

    MeterBoard(MeterRegistry registry) {
        this.registry = registry;
        for (Metric metric : Metric.values()) {
            if (metric.kind() == Metric.Kind.GAUGE) {
                gauges.put(
                        metric,
                        MultiGauge.builder(metric.id())
                                .description(metric.meaning())
                                .register(registry));
            }
        }
    }

    /** Keeps a value for the next {@link #show}; the label values in the order of the metric's labels. */
    void gauge(Metric metric, double value, String... labelValues) {
        rows.computeIfAbsent(metric, _ -> new ArrayList<>()).add(MultiGauge.Row.of(tags(metric, labelValues), value));
    }

    /** Bytes and the like; beyond 2^53 the last digits do not matter to anybody. */
    void gauge(Metric metric, long value, String... labelValues) {
        gauge(metric, (double) value, labelValues);
    }

    /** Replaces what all gauges showed by what was kept since the last call. */
    void show() {
        gauges.forEach((metric, gauge) -> gauge.register(rows.getOrDefault(metric, List.of()), true));
        rows.clear();
    }

    /** Shows a total that is counted elsewhere. */
    void total(Metric metric, long total, String... labelValues) {
        counter(metric, labelValues).set(total);
    }

    void add(Metric metric, long more, String... labelValues) {
        counter(metric, labelValues).addAndGet(more);
    }

    void record(Metric metric, Duration duration, String... labelValues) {
        Timer.Builder timer =
                Timer.builder(metric.id()).description(metric.meaning()).tags(tags(metric, labelValues));
        if (metric == Metric.WRITE_PAUSE_SECONDS) {
            timer.serviceLevelObjectives(PAUSE_BUCKETS);
        }
        timer.register(registry).record(duration);
    }

    private AtomicLong counter(Metric metric, String... labelValues) {
        return counters.computeIfAbsent(metric + String.join("\n", labelValues), _ -> {
            AtomicLong total = new AtomicLong();
            // The function holds the total itself: the registry keeps only a weak reference to its argument.
            FunctionCounter.builder(metric.id(), total, _ -> total.doubleValue())
                    .description(metric.meaning())
                    .tags(tags(metric, labelValues))
                    .register(registry);
            return total;
        });
    }

    private static Tags tags(Metric metric, String... values) {
        List<String> labels = metric.labels();
        Invariant.require(labels.size() == values.length, metric + " has the labels " + labels);
        Tags tags = Tags.empty();
        for (int i = 0; i < values.length; i++) {
            tags = tags.and(labels.get(i), values[i]);
        }
        return tags;
    }
}
