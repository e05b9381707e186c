package io.viridian.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.viridian.control.MigrationControl.Request;
import io.viridian.daemon.http.InMemoryControl;
import io.viridian.daemon.http.Samples;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.feed.LaneStatus;
import io.viridian.migration.Operation;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import io.viridian.position.Lsn;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MigrationMetricsTest {
    /** Copied from the contract, §6, with the prefix. */
    private static final List<String> CONTRACT =
            Arrays.stream("""
                    build_info migration_state{state} owner{side} replication_lag_bytes{direction}
                    replication_lag_seconds{direction} heartbeat_applied_timestamp_seconds{direction}
                    slot_retained_bytes slot_safe_wal_bytes apply_transactions_total apply_rows_total{op}
                    apply_bytes_total apply_errors_total{code} apply_window_seconds queue_bytes spool_bytes
                    backfill_rows_total backfill_bytes{kind} backfill_chunks{state} throttle_active{reason}
                    verify_rows_total{result} verify_last_clean_timestamp_seconds gate_status{gate}
                    cutover_attempts_total{result} write_pause_seconds rollback_available{kind} reverse_lag_seconds
                    sequence_margin_ratio leader operation_seconds{type,result} http_server_requests_seconds
                    notification_deliveries_total{sink,result}""".split("\\s+", -1)).toList();

    /** What was added to it. */
    private static final List<String> ADDED = List.of(
            "slot_give_up_bytes{side}",
            "gate_overridden{gate}",
            "rollback_kept_until_timestamp_seconds",
            "gate_overrides_total{gate}",
            "refused_writes_total{side}",
            "closed_side_sessions{side}",
            "apply_conflicts_total{direction,kind,outcome}");

    private static final List<String> ALL =
            Stream.concat(CONTRACT.stream(), ADDED.stream()).toList();

    private final InMemoryControl control = new InMemoryControl();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MigrationMetrics metrics =
            new MigrationMetrics(registry, control, new FixedSource(), Samples.MIGRATION, "9.9.9");

    @Test
    void tellsWhenTheProcessBeganSoThatStartsCanBeCounted() {
        metrics.refresh();

        assertThat(registry.scrape()).containsPattern("(?m)^process_start_time_seconds [0-9.E]+$");
    }

    @Test
    void namesEveryMetricOfTheContractWithAtLeastItsLabels() {
        assertThat(Metric.values())
                .extracting(Metric::exposedName)
                .containsExactlyInAnyOrderElementsOf(ALL.stream()
                        .map(entry -> "viridian_" + entry.replaceFirst("\\{.*", ""))
                        .toList());
        for (Metric metric : Metric.values()) {
            String entry = ALL.stream()
                    .filter(name -> ("viridian_" + name.replaceFirst("\\{.*", "")).equals(metric.exposedName()))
                    .findFirst()
                    .orElseThrow();
            if (entry.contains("{")) {
                assertThat(metric.labels())
                        .contains(entry.replaceFirst(".*\\{(.*)}", "$1").split(",", -1));
            }
        }
    }

    @Test
    void showsEveryMetricThatIsNotForLater() {
        control.show(Samples.halted());
        control.verified(Samples.cleanVerification());
        control.finishWith(Operation.Status.SUCCEEDED, Map.of("write_pause_ms", "82.5"));
        ask(Operation.Type.CUTOVER);

        String scrape = scrape();

        for (Metric metric : Metric.values()) {
            boolean expected = switch (metric) {
                case HTTP_SERVER_REQUESTS_SECONDS, THROTTLE_ACTIVE, GATE_OVERRIDES_TOTAL -> false;
                default -> metric.kind() != Metric.Kind.LATER;
            };
            assertThat(scrape.lines().anyMatch(line -> line.startsWith(metric.exposedName())))
                    .as(metric.exposedName())
                    .isEqualTo(expected);
        }
    }

    @Test
    void tellsStateOwnerAndRollbackAsOneOfEach() {
        control.show(Samples.in("SWITCHED", "", "green"));

        assertThat(scrape())
                .contains("viridian_build_info{migration=\"shop-v2\",version=\"9.9.9\"} 1")
                .contains("viridian_migration_state{state=\"SWITCHED\"} 1.0")
                .contains("viridian_migration_state{state=\"READY\"} 0.0")
                .contains("viridian_owner{side=\"green\"} 1.0")
                .contains("viridian_owner{side=\"blue\"} 0.0")
                .contains("viridian_owner{side=\"none\"} 0.0")
                .contains("viridian_rollback_available{kind=\"lossless\"} 1.0")
                .contains("viridian_leader 1.0");
        control.show(Samples.halted());
        assertThat(scrape())
                .contains("viridian_rollback_available{kind=\"impossible\"} 1.0")
                .contains("viridian_rollback_available{kind=\"lossless\"} 0.0");
    }

    @Test
    void leavesOutWhatIsNotKnownInsteadOfTellingAnOldValue() {
        assertThat(scrape()).contains("viridian_replication_lag_seconds{direction=\"forward\"} 0.25");

        control.show(Samples.backfilling());

        assertThat(scrape())
                .doesNotContain("viridian_replication_lag_seconds")
                .doesNotContain("viridian_replication_lag_bytes")
                .contains("viridian_throttle_active{reason=\"replica-lag\"} 1.0")
                .contains("viridian_backfill_bytes{kind=\"done\"} 1.0E9");
    }

    @Test
    void tellsWhatTheLanesAndSlotsDo() {
        assertThat(scrape())
                .contains("viridian_apply_transactions_total{direction=\"forward\"} 7.0")
                .contains("viridian_apply_rows_total{direction=\"forward\",op=\"all\"} 28.0")
                .contains("viridian_queue_bytes{direction=\"forward\"} 512.0")
                .contains("viridian_heartbeat_applied_timestamp_seconds{direction=\"forward\"} 1.7960904E9")
                .contains("viridian_slot_retained_bytes{side=\"blue\"} 4096.0")
                .contains("viridian_slot_give_up_bytes{side=\"blue\"} 32768.0")
                .contains("viridian_slot_safe_wal_bytes{side=\"blue\"} 65536.0")
                .contains("viridian_sequence_margin_ratio 0.25")
                .doesNotContain("side=\"green\"} 4096");
    }

    @Test
    void tellsWhichGatesPass() {
        control.show(Samples.failingGates());

        assertThat(scrape())
                .contains("viridian_gate_status{gate=\"repl.healthy\"} 1.0")
                .contains("viridian_gate_status{gate=\"tx.longest\"} 0.0");
    }

    /** For ever: also when it was taken back, or its switch is over. */
    @Test
    void countsWhatWasOverridden() {
        control.show(Samples.consented());

        assertThat(scrape()).contains("viridian_gate_overrides_total{gate=\"tx.longest\"} 1.0");
    }

    @Test
    void countsEveryFinishedOperationOnce() {
        control.finishWith(Operation.Status.UNDONE, Map.of("write_pause_ms", "82.5"));
        ask(Operation.Type.CUTOVER);
        scrape();

        assertThat(scrape())
                .contains("viridian_cutover_attempts_total{result=\"undone\"} 1.0")
                .contains("viridian_operation_seconds_count{result=\"undone\",type=\"cutover\"} 1")
                .contains("viridian_operation_seconds_sum{result=\"undone\",type=\"cutover\"} 1.5")
                .contains("viridian_write_pause_seconds_count{type=\"cutover\"} 1")
                .contains("viridian_write_pause_seconds_sum{type=\"cutover\"} 0.0825")
                .contains("viridian_write_pause_seconds_bucket{type=\"cutover\",le=\"0.1\"} 1")
                .contains("viridian_write_pause_seconds_bucket{type=\"cutover\",le=\"0.05\"} 0");
    }

    @Test
    void countsComparedRowsOncePerVerification() {
        control.verified(Samples.differingVerification());
        scrape();

        assertThat(scrape())
                .contains("viridian_verify_rows_total{result=\"different\"} 3.0")
                .contains("viridian_verify_rows_total{result=\"equal\"} 2997.0")
                .doesNotContain("viridian_verify_last_clean");
    }

    @Test
    void stillAnswersWhileTheControlDoesNot() {
        scrape();
        control.fallSilent(Fault.of(FaultCode.HELD_BY_ANOTHER, "b holds it").asException());

        assertThat(scrape())
                .contains("viridian_build_info", "viridian_leader", "viridian_queue_bytes")
                .doesNotContain("viridian_migration_state");
    }

    private String scrape() {
        metrics.refresh();
        return registry.scrape();
    }

    private void ask(Operation.Type type) {
        assertThat(control.submit(new Request(type, Map.of(), "", "ana", ""))
                        .status()
                        .isFinal())
                .isTrue();
    }

    /** A forward lane and a slot on blue. */
    private static final class FixedSource implements MetricSource {
        @Override
        public Optional<Instant> wayBackKeptUntil() {
            return Optional.of(Samples.NOW);
        }

        @Override
        public OptionalDouble sequencesLeft() {
            return OptionalDouble.of(0.25);
        }

        @Override
        public boolean leads() {
            return true;
        }

        @Override
        public Optional<LaneStatus> lane(Direction direction) {
            return direction == Direction.REVERSE
                    ? Optional.empty()
                    : Optional.of(new LaneStatus(
                            new Lsn(1),
                            new Lsn(2),
                            new Lsn(1),
                            Optional.of(Samples.NOW),
                            7,
                            28,
                            0,
                            0,
                            512,
                            1_024,
                            true,
                            Optional.empty()));
        }

        @Override
        public Map<List<String>, Long> conflicts() {
            return Map.of(List.of("forward", "duplicate", "blue-wins"), 2L);
        }

        @Override
        public Optional<SlotUsage> slot(Side side) {
            return side == Side.GREEN ? Optional.empty() : Optional.of(new SlotUsage(4_096, Optional.of(65_536L)));
        }

        @Override
        public OptionalLong slotGivenUpAt(Side side) {
            return OptionalLong.of(32_768);
        }

        @Override
        public OptionalLong refused(Side side) {
            return side == Side.GREEN ? OptionalLong.of(17) : OptionalLong.empty();
        }
    }
}
