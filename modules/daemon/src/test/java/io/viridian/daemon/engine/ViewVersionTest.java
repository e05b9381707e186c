package io.viridian.daemon.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.control.MigrationView;
import io.viridian.control.MigrationView.ActionView;
import io.viridian.control.MigrationView.BackfillView;
import io.viridian.control.MigrationView.ClientView;
import io.viridian.control.MigrationView.ClosedView;
import io.viridian.control.MigrationView.FaultView;
import io.viridian.control.MigrationView.LagView;
import io.viridian.daemon.http.Samples;
import io.viridian.migration.Consent;
import io.viridian.migration.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a change of makes an If-Match stale, and what does not. */
class ViewVersionTest {
    private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");

    private static final Operation VERIFY = new Operation(
            "op-1",
            Operation.Type.VERIFY,
            Map.of(),
            "",
            "ada",
            Operation.Status.PENDING,
            Map.of(),
            NOON,
            Optional.empty(),
            Optional.empty());

    private String state = "READY";
    private String step = "";
    private String owner = "blue";
    private String plan = "a1";
    private List<String> flags = List.of();
    private LagView lag = new LagView(Optional.of(0.2), Optional.of(100L));
    private BackfillView backfill = new BackfillView(1, 2, 3, 1, 1, Optional.empty());
    private String verification = "clean";
    private Duration age = Duration.ofSeconds(5);
    private String rollback = "lossless";
    private List<Consent> consents = List.of();
    private Optional<ClosedView> closed = Optional.empty();
    private Optional<FaultView> fault = Optional.empty();
    private boolean allowed = true;
    private List<String> next = List.of();
    private List<Operation> operations = List.of(VERIFY);

    private String version() {
        MigrationView view = new MigrationView(
                "shop",
                "",
                state,
                step,
                owner,
                plan,
                NOON,
                flags,
                lag,
                backfill,
                verification,
                Optional.of(age),
                rollback,
                consents,
                Optional.empty(),
                closed,
                Optional.of(lag),
                fault,
                List.of(new ActionView("cutover", allowed, "")),
                next);
        return ViewVersion.of(view, operations);
    }

    private void changes(Runnable what) {
        String before = version();
        what.run();
        assertThat(version()).isNotEqualTo(before).isEqualTo(version());
    }

    private void leaves(Runnable what) {
        String before = version();
        what.run();
        assertThat(version()).isEqualTo(before);
    }

    private static FaultView fault(String code, String detail, String object) {
        return new FaultView(code, detail, object, "", true, "Wait.");
    }

    @Test
    void has128Bits() {
        assertThat(version()).matches("[0-9a-f]{32}");
    }

    @Test
    void changesWithWhereTheMigrationStands() {
        changes(() -> state = "ROLLED_BACK");
        changes(() -> step = "FENCE");
        changes(() -> owner = "none");
        changes(() -> plan = "b2");
        changes(() -> verification = "mismatch");
        changes(() -> rollback = "lossy(1)");
        changes(() -> rollback = "impossible(the slot is gone)");
        changes(() -> allowed = false);
        changes(() -> closed = Optional.of(new ClosedView("green", Optional.of(0L), 0, List.of())));
    }

    @Test
    void changesWithFlagsAndWhatPeopleSaid() {
        changes(() -> flags = List.of("paused(by operator)"));
        changes(() -> flags = List.of("canary(until noon, halt)"));
        changes(() -> consents = Samples.consented().consents());
    }

    @Test
    void changesWithFaults() {
        changes(() -> fault = Optional.of(fault("ROW_REFUSED", "green refuses id=5", "public.item")));
        changes(() -> fault = Optional.of(fault("ROW_REFUSED", "green refuses id=5", "public.note")));
        changes(() -> fault = Optional.of(fault("SLOT_MOVED", "somebody advanced it", "public.note")));
    }

    @Test
    void changesWithWhatBecomesOfAnyOperation() {
        Operation later = VERIFY.running(NOON);
        changes(() -> operations = List.of(later));
        changes(() -> operations = List.of(later.finished(Operation.Status.SUCCEEDED, Map.of(), NOON)));
        Operation other = new Operation(
                "op-2",
                Operation.Type.PAUSE,
                Map.of(),
                "",
                "ben",
                Operation.Status.SUCCEEDED,
                Map.of(),
                NOON,
                Optional.of(NOON),
                Optional.of(NOON));
        changes(() -> operations = List.of(other, VERIFY));
        changes(() -> operations = List.of(other, later));
    }

    @Test
    void isLeftAloneByWhatIsMeasured() {
        rollback = "lossy(1)";
        closed = Optional.of(new ClosedView("green", Optional.of(0L), 0, List.of()));
        fault = Optional.of(fault("LAGS", "12 s behind", ""));
        leaves(() -> lag = new LagView(Optional.of(7.0), Optional.empty()));
        leaves(() -> backfill = new BackfillView(10, 20, 30, 1, 1, Optional.of(Duration.ofHours(1))));
        leaves(() -> age = Duration.ofMinutes(9));
        leaves(() -> verification = "running");
        leaves(() -> verification = "stale");
        leaves(() -> flags = List.of("throttled(replica-lag)"));
        leaves(() -> rollback = "lossy(2)");
        leaves(() -> closed = Optional.of(
                new ClosedView("green", Optional.of(3L), 1, List.of(new ClientView("app", "billing", "10.0.0.7", 1)))));
        leaves(() -> fault = Optional.of(fault("LAGS", "13 s behind", "")));
        leaves(() -> next = List.of("Now it waits for lag.seconds (2 s; demanded: 1 s)."));
    }
}
