package io.viridian.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.Invariant;
import io.viridian.migration.Arming;
import io.viridian.migration.CanaryPhase;
import io.viridian.migration.CanaryTerms;
import io.viridian.migration.ConflictPolicy;
import io.viridian.migration.MigrationState;
import io.viridian.migration.MigrationState.Aborted;
import io.viridian.migration.MigrationState.Aborting;
import io.viridian.migration.MigrationState.Armed;
import io.viridian.migration.MigrationState.Backfilling;
import io.viridian.migration.MigrationState.Canary;
import io.viridian.migration.MigrationState.CatchingUp;
import io.viridian.migration.MigrationState.CuttingOver;
import io.viridian.migration.MigrationState.Finalized;
import io.viridian.migration.MigrationState.Finalizing;
import io.viridian.migration.MigrationState.Halted;
import io.viridian.migration.MigrationState.New;
import io.viridian.migration.MigrationState.Preflight;
import io.viridian.migration.MigrationState.Preparing;
import io.viridian.migration.MigrationState.Ready;
import io.viridian.migration.MigrationState.RolledBack;
import io.viridian.migration.MigrationState.RollingBack;
import io.viridian.migration.MigrationState.Switched;
import io.viridian.migration.SwitchAttempt;
import io.viridian.migration.SwitchStep;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The persisted form of the states. Kinds are words of their own, so that renaming a record changes nothing on disk;
 * the golden files of the tests hold every form ever written, and all of them must load for ever.
 */
final class StateCodec {
    /**
     * A state as the journal keeps it.
     *
     * @param detail a JSON object, empty for most states
     */
    record Stored(String kind, String detail) {}

    private StateCodec() {}

    static Stored encode(MigrationState state) {
        return new Stored(kind(state), detail(state).toString());
    }

    static MigrationState decode(Stored stored) {
        return decode(stored.kind(), Json.parse(stored.detail()));
    }

    private static String kind(MigrationState state) {
        return switch (state) {
            case New _, Preflight _ -> throw Invariant.broken("until the pre-flight passes there is no journal");
            case Preparing _ -> "preparing";
            case Backfilling _ -> "backfilling";
            case CatchingUp _ -> "catching_up";
            case Ready _ -> "ready";
            case Armed _ -> "armed";
            case Canary _ -> "canary";
            case CuttingOver _ -> "cutting_over";
            case Switched _ -> "switched";
            case RollingBack _ -> "rolling_back";
            case RolledBack _ -> "rolled_back";
            case Finalizing _ -> "finalizing";
            case Aborting _ -> "aborting";
            case Halted _ -> "halted";
            case Finalized _ -> "finalized";
            case Aborted _ -> "aborted";
        };
    }

    private static ObjectNode detail(MigrationState state) {
        return switch (state) {
            case New _,
                    Preflight _,
                    Preparing _,
                    Backfilling _,
                    CatchingUp _,
                    Ready _,
                    Finalizing _,
                    Aborting _,
                    Finalized _,
                    Aborted _ -> Json.object();
            case Armed armed -> armed(armed);
            case Canary canary -> canary(canary);
            case CuttingOver cutting -> cutting(cutting);
            case Switched switched -> attempt(switched.by());
            case RollingBack rolling -> attempt(rolling.attempt()).put("step", step(rolling.step()));
            case RolledBack rolled -> attempt(rolled.by());
            case Halted halted -> halted(halted);
        };
    }

    private static MigrationState decode(String kind, JsonNode detail) {
        return switch (kind) {
            case "preparing" -> new Preparing();
            case "backfilling" -> new Backfilling();
            case "catching_up" -> new CatchingUp();
            case "ready" -> new Ready();
            case "armed" ->
                new Armed(
                        Json.optional(detail, "after").map(StateCodec::attempt),
                        arming(Json.field(detail, "arming")),
                        Instant.parse(Json.text(detail, "since")));
            case "canary" -> canary(detail);
            case "cutting_over" ->
                new CuttingOver(
                        step(Json.text(detail, "step")),
                        attempt(detail),
                        Json.field(detail, "again").asBoolean(),
                        Json.optional(detail, "arming").map(StateCodec::arming));
            case "switched" -> new Switched(attempt(detail));
            case "rolling_back" -> new RollingBack(step(Json.text(detail, "step")), attempt(detail));
            case "rolled_back" -> new RolledBack(attempt(detail));
            case "finalizing" -> new Finalizing();
            case "aborting" -> new Aborting();
            case "halted" -> halted(detail);
            case "finalized" -> new Finalized();
            case "aborted" -> new Aborted();
            default -> throw unknown("state '" + kind + "'");
        };
    }

    private static ObjectNode armed(Armed armed) {
        ObjectNode detail = Json.object().put("since", armed.since().toString());
        detail.set("arming", arming(armed.arming()));
        armed.after().ifPresent(after -> detail.set("after", attempt(after)));
        return detail;
    }

    private static ObjectNode canary(Canary canary) {
        return Json.object()
                .put("phase", canary.phase().name().toLowerCase(Locale.ROOT))
                .put("operation", canary.terms().operation())
                .put("by", canary.terms().by())
                .put("until", canary.terms().until().toString())
                .put("conflicts", canary.terms().conflicts().text());
    }

    private static Canary canary(JsonNode detail) {
        String phase = Json.text(detail, "phase");
        String conflicts = Json.text(detail, "conflicts");
        return new Canary(
                Arrays.stream(CanaryPhase.values())
                        .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(phase))
                        .findFirst()
                        .orElseThrow(() -> unknown("phase '" + phase + "'")),
                new CanaryTerms(
                        Json.text(detail, "operation"),
                        Json.text(detail, "by"),
                        Instant.parse(Json.text(detail, "until")),
                        ConflictPolicy.parse(conflicts).orElseThrow(() -> unknown("policy '" + conflicts + "'"))));
    }

    private static ObjectNode cutting(CuttingOver cutting) {
        ObjectNode detail =
                attempt(cutting.attempt()).put("step", step(cutting.step())).put("again", cutting.again());
        cutting.armed().ifPresent(arming -> detail.set("arming", arming(arming)));
        return detail;
    }

    private static ObjectNode arming(Arming arming) {
        ObjectNode detail = Json.object()
                .put("operation", arming.operation())
                .put("by", arming.by())
                .put("max_lag_ms", arming.lagMax().toMillis())
                .put("stable_for_ms", arming.stableFor().toMillis())
                .put("attempts", arming.attempts());
        arming.notBefore().ifPresent(from -> detail.put("not_before", from.toString()));
        arming.notAfter().ifPresent(until -> detail.put("not_after", until.toString()));
        arming.expires().ifPresent(end -> detail.put("expires", end.toString()));
        return detail;
    }

    private static Arming arming(JsonNode detail) {
        return new Arming(
                Json.text(detail, "operation"),
                Json.text(detail, "by"),
                Duration.ofMillis(Json.field(detail, "max_lag_ms").asLong()),
                Duration.ofMillis(Json.field(detail, "stable_for_ms").asLong()),
                instant(detail, "not_before"),
                instant(detail, "not_after"),
                Json.field(detail, "attempts").asInt(),
                instant(detail, "expires"));
    }

    private static Optional<Instant> instant(JsonNode detail, String field) {
        return Json.optional(detail, field).map(JsonNode::asText).map(Instant::parse);
    }

    private static ObjectNode halted(Halted halted) {
        ObjectNode detail = Json.object();
        detail.putObject("during").put("kind", kind(halted.during())).set("detail", detail(halted.during()));
        detail.putObject("fault")
                .put("code", halted.why().code().name())
                .put("detail", halted.why().detail())
                .put("object", halted.why().object())
                .put("sql_state", halted.why().sqlState());
        return detail;
    }

    private static Halted halted(JsonNode detail) {
        JsonNode during = Json.field(detail, "during");
        JsonNode fault = Json.field(detail, "fault");
        return new Halted(
                decode(Json.text(during, "kind"), Json.field(during, "detail")),
                new Fault(
                        code(Json.text(fault, "code")),
                        Json.text(fault, "detail"),
                        Json.text(fault, "object"),
                        Json.text(fault, "sql_state")));
    }

    private static ObjectNode attempt(SwitchAttempt attempt) {
        return Json.object()
                .put("nonce", attempt.nonce())
                .put("from_epoch", attempt.fromEpoch())
                .put("operation", attempt.operation());
    }

    private static SwitchAttempt attempt(JsonNode detail) {
        return new SwitchAttempt(
                Json.text(detail, "nonce"), Json.field(detail, "from_epoch").asLong(), Json.text(detail, "operation"));
    }

    /** The step's name is the contract's word, as users see it. */
    private static String step(SwitchStep step) {
        return step.name().toLowerCase(Locale.ROOT);
    }

    private static SwitchStep step(String text) {
        return Arrays.stream(SwitchStep.values())
                .filter(step -> step(step).equals(text))
                .findFirst()
                .orElseThrow(() -> unknown("step '" + text + "'"));
    }

    private static FaultCode code(String text) {
        return Arrays.stream(FaultCode.values())
                .filter(code -> code.name().equals(text))
                .findFirst()
                .orElseThrow(() -> unknown("fault '" + text + "'"));
    }

    private static RuntimeException unknown(String what) {
        return Fault.of(
                        FaultCode.NOT_YET,
                        "the journal holds the " + what
                                + ", which this version does not know; start the newer version that wrote it")
                .asException();
    }
}
