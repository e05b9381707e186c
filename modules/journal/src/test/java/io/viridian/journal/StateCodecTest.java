package io.viridian.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.migration.Arming;
import io.viridian.migration.CanaryPhase;
import io.viridian.migration.CanaryTerms;
import io.viridian.migration.ConflictPolicy;
import io.viridian.migration.MigrationState;
import io.viridian.migration.SwitchAttempt;
import io.viridian.migration.SwitchStep;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The files under {@code states} were written by hand. None of them may ever be edited: they are on somebody's disk.
 */
final class StateCodecTest {
    private static final SwitchAttempt THERE = new SwitchAttempt("5f2b6f0c9d1e4a73", 7, "op-12");
    private static final SwitchAttempt BACK = new SwitchAttempt("5f2b6f0c9d1e4a73", 8, "op-13");

    private static final Instant SINCE = Instant.parse("2026-12-01T01:30:00Z");
    private static final Arming BY_A_PERSON = new Arming(
            "op-11",
            "ada",
            Duration.ofMillis(500),
            Duration.ofSeconds(30),
            Optional.of(Instant.parse("2026-12-01T02:00:00Z")),
            Optional.of(Instant.parse("2026-12-01T04:00:00Z")),
            3,
            Optional.of(Instant.parse("2026-12-02T01:30:00Z")));
    private static final Arming BY_CONFIGURATION = new Arming(
            "",
            "cutover.mode",
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            Optional.empty(),
            Optional.empty(),
            1,
            Optional.empty());

    private static final Map<String, MigrationState> GOLDEN = Map.ofEntries(
            Map.entry("preparing", new MigrationState.Preparing()),
            Map.entry("backfilling", new MigrationState.Backfilling()),
            Map.entry("catching_up", new MigrationState.CatchingUp()),
            Map.entry("ready", new MigrationState.Ready()),
            Map.entry("cutting_over", new MigrationState.CuttingOver(SwitchStep.SEQUENCES, THERE, true)),
            Map.entry(
                    "canary",
                    new MigrationState.Canary(
                            CanaryPhase.OPEN, new CanaryTerms("op-14", "ada", SINCE, ConflictPolicy.NEWEST_WINS))),
            Map.entry("armed", new MigrationState.Armed(Optional.empty(), BY_CONFIGURATION, SINCE)),
            Map.entry("armed_again", new MigrationState.Armed(Optional.of(THERE), BY_A_PERSON, SINCE)),
            Map.entry(
                    "cutting_over_armed",
                    new MigrationState.CuttingOver(SwitchStep.FENCE, THERE, false, Optional.of(BY_A_PERSON))),
            Map.entry("switched", new MigrationState.Switched(THERE)),
            Map.entry("rolling_back", new MigrationState.RollingBack(SwitchStep.COMMIT, BACK)),
            Map.entry("rolled_back", new MigrationState.RolledBack(THERE)),
            Map.entry("finalizing", new MigrationState.Finalizing()),
            Map.entry("aborting", new MigrationState.Aborting()),
            Map.entry("finalized", new MigrationState.Finalized()),
            Map.entry("aborted", new MigrationState.Aborted()),
            Map.entry(
                    "halted",
                    new MigrationState.Halted(
                            new MigrationState.CuttingOver(SwitchStep.OPEN, THERE, false),
                            new Fault(
                                    FaultCode.GREEN_FAILED,
                                    "green said: must be owner of function guard",
                                    "viridian.guard",
                                    "42501"))),
            Map.entry(
                    "halted_twice",
                    new MigrationState.Halted(
                            new MigrationState.Halted(
                                    new MigrationState.Backfilling(),
                                    new Fault(
                                            FaultCode.ROW_REFUSED,
                                            "row 5 of public.items does not fit",
                                            "public.items",
                                            "22003")),
                            Fault.of(FaultCode.BUG, "that was not all"))));

    static Stream<String> files() {
        return GOLDEN.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("files")
    void writesAStateAsItsGoldenFileHasIt(String file) throws IOException {
        StateCodec.Stored stored = StateCodec.encode(Objects.requireNonNull(GOLDEN.get(file)));
        JsonNode golden = golden(file);
        assertThat(stored.kind()).isEqualTo(Json.text(golden, "kind"));
        assertThat(Json.parse(stored.detail())).isEqualTo(Json.field(golden, "detail"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void loadsEveryFormEverWritten(String file) throws IOException {
        JsonNode golden = golden(file);
        StateCodec.Stored stored = new StateCodec.Stored(
                Json.text(golden, "kind"), Json.field(golden, "detail").toString());
        assertThat(StateCodec.decode(stored)).isEqualTo(GOLDEN.get(file));
    }

    @Test
    void everyStateThatIsEverWrittenHasAGoldenFile() {
        Set<Class<?>> covered =
                GOLDEN.values().stream().map(MigrationState::getClass).collect(Collectors.toSet());
        Set<Class<?>> all = records(MigrationState.class).collect(Collectors.toSet());
        all.removeAll(Set.of(MigrationState.New.class, MigrationState.Preflight.class));
        assertThat(covered).isEqualTo(all);
    }

    @ParameterizedTest
    @EnumSource(SwitchStep.class)
    void everyStepComesBackAsItWent(SwitchStep step) {
        MigrationState state = new MigrationState.CuttingOver(step, THERE, false);
        assertThat(StateCodec.decode(StateCodec.encode(state))).isEqualTo(state);
    }

    @Test
    void refusesToWriteWhatMustNotOutliveAProcess() {
        assertThatThrownBy(() -> StateCodec.encode(new MigrationState.New()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("there is no journal");
        assertThatThrownBy(() -> StateCodec.encode(new MigrationState.Preflight()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void saysThatANewerVersionWroteWhatItDoesNotKnow() {
        assertThatThrownBy(() -> StateCodec.decode(new StateCodec.Stored("sharded", "{}")))
                .isInstanceOf(FaultException.class)
                .hasMessageContaining("the state 'sharded', which this version does not know");
    }

    private static Stream<Class<?>> records(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(StateCodecTest::records)
                : Stream.of(type);
    }

    private static JsonNode golden(String file) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(StateCodecTest.class.getResourceAsStream("states/" + file + ".json"))) {
            return Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
