package io.viridian.daemon.metrics;

import io.viridian.daemon.GeneratedPage;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MetricPageTest {
    @Test
    void theReferencePageHoldsEveryMetric() {
        GeneratedPage.named("metrics.md").mustBe("""
                # Metrics

                Made from `io.viridian.daemon.metrics.Metric`; a test compares.

                `GET /metrics` shows them in Prometheus' text format. All numbers of one scrape come from one reading. A series whose value
                is not known is absent, so that no old value is taken for a new one. Lag is measured from the source's current log position
                and by heartbeats seen on the target, never from what was sent. Timers are shown as `_count`, `_sum` and `_max`;
                `viridian_write_pause_seconds` has buckets besides. Of the process itself `process_start_time_seconds` and
                `process_uptime_seconds` are shown.

                | name | kind | labels | meaning |
                |---|---|---|---|
                %s
                ## Later

                In the contract, and absent today, because what they would measure is not built yet:

                | name | labels | meaning |
                |---|---|---|
                %s""".formatted(present(), later()));
    }

    private static String present() {
        return Arrays.stream(Metric.values())
                .filter(metric -> metric.kind() != Metric.Kind.LATER)
                .map(metric -> "| `%s` | %s | %s | %s |\n"
                        .formatted(
                                metric.exposedName(),
                                metric.kind().name().toLowerCase(Locale.ROOT),
                                labels(metric),
                                metric.meaning()))
                .collect(Collectors.joining());
    }

    private static String later() {
        return Arrays.stream(Metric.values())
                .filter(metric -> metric.kind() == Metric.Kind.LATER)
                .map(metric -> "| `%s` | %s | %s |\n".formatted(metric.exposedName(), labels(metric), metric.meaning()))
                .collect(Collectors.joining());
    }

    private static String labels(Metric metric) {
        return metric.labels().stream().map(label -> "`" + label + "`").collect(Collectors.joining(" "));
    }
}
