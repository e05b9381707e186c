package io.viridian.daemon.http;

import io.viridian.control.MigrationView;
import io.viridian.control.MigrationView.ActionView;
import io.viridian.control.MigrationView.BackfillView;
import io.viridian.control.MigrationView.ClientView;
import io.viridian.control.MigrationView.ClosedView;
import io.viridian.control.MigrationView.FaultView;
import io.viridian.control.MigrationView.HealthView;
import io.viridian.control.MigrationView.LagView;
import io.viridian.control.PlanView;
import io.viridian.control.TableView;
import io.viridian.migration.Consent;
import io.viridian.migration.Gate;
import io.viridian.migration.GateOverride;
import io.viridian.plan.Finding;
import io.viridian.plan.TableName;
import io.viridian.proof.Verification;
import io.viridian.proof.Verification.ColumnDifference;
import io.viridian.proof.Verification.Kind;
import io.viridian.proof.Verification.RowDifference;
import io.viridian.proof.Verification.TableResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Migrations for tests, each as a control would show it. */
public final class Samples {
    public static final String MIGRATION = "shop-v2";
    public static final Instant NOW = Instant.parse("2026-12-01T02:00:00Z");
    public static final Instant LATER = Instant.parse("2026-12-01T02:00:01.500Z");

    private Samples() {}

    public static MigrationView ready() {
        return in("READY", "", "blue");
    }

    public static MigrationView in(String state, String step, String owner) {
        return new MigrationView(
                MIGRATION,
                "v7",
                state,
                step,
                owner,
                "1f2e3d4c5b6a7988",
                NOW,
                List.of(),
                new LagView(Optional.of(0.25), Optional.of(1_900_000L)),
                new BackfillView(1_234_567, 2_000_000_000L, 2_000_000_000L, 2, 2, Optional.empty()),
                "clean",
                Optional.of(Duration.ofMinutes(26)),
                "lossless",
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(new ActionView("cutover", true, ""), new ActionView("rollback", false, "blue owns the writes")),
                List.of("viridian cutover moves the writes to green."));
    }

    public static MigrationView backfilling() {
        MigrationView ready = in("BACKFILLING", "", "blue");
        return new MigrationView(
                ready.migration(),
                "v3",
                ready.state(),
                ready.step(),
                ready.owner(),
                ready.planHash(),
                ready.stateSince(),
                List.of("throttled(replica-lag)"),
                new LagView(Optional.empty(), Optional.empty()),
                new BackfillView(617_283, 1_000_000_000L, 2_000_000_000L, 1, 2, Optional.of(Duration.ofSeconds(95))),
                "never",
                Optional.empty(),
                "impossible(not switched yet)",
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of());
    }

    public static MigrationView halted() {
        MigrationView ready = in("HALTED", "", "blue");
        return new MigrationView(
                ready.migration(),
                "v9",
                ready.state(),
                ready.step(),
                ready.owner(),
                ready.planHash(),
                ready.stateSince(),
                List.of("paused(maintenance)"),
                ready.lag(),
                ready.backfill(),
                "mismatch",
                Optional.of(Duration.ofHours(26)),
                "impossible(not switched yet)",
                List.of(),
                Optional.empty(),
                Optional.of(new ClosedView("green", Optional.of(0L), 0, List.of())),
                Optional.of(new LagView(Optional.of(1.5), Optional.of(10L))),
                Optional.of(new FaultView(
                        "ROW_REFUSED",
                        "green refuses id=5",
                        "catalog.product",
                        "23514",
                        false,
                        "Mend the row on blue.")),
                List.of(),
                List.of("viridian resume goes on after the row was mended."));
    }

    public static List<Gate> passingGates() {
        return List.of(
                new Gate("repl.healthy", true, "streaming", "streaming", "", NOW),
                new Gate("lag.seconds", true, "0.25 s", "1 s", "", NOW));
    }

    public static List<Gate> failingGates() {
        return List.of(
                new Gate("repl.healthy", true, "streaming", "streaming", "", NOW),
                new Gate("tx.longest", false, "212 s (pid 4411)", "1 s", "End the transaction of pid 4411.", NOW));
    }

    /** One gate in the way of nobody, because somebody has said so. */
    public static List<Gate> overriddenGates() {
        return failingGates().stream()
                .map(gate -> gate.with(
                        gate.passing()
                                ? Optional.empty()
                                : Optional.of(
                                        new GateOverride("ada", "the report may wait", NOW, NOW.plusSeconds(3600)))))
                .toList();
    }

    /** The same migration, after somebody has said that a gate does not matter, and somebody has taken it back. */
    public static MigrationView consented() {
        MigrationView ready = ready();
        return new MigrationView(
                ready.migration(),
                ready.version(),
                ready.state(),
                ready.step(),
                ready.owner(),
                ready.planHash(),
                ready.stateSince(),
                ready.flags(),
                ready.lag(),
                ready.backfill(),
                ready.verification(),
                ready.verificationAge(),
                ready.rollback(),
                List.of(consent(1, true, "ada", "the report may wait"), consent(2, false, "ben", "it may not")),
                Optional.of(new HealthView("failing", "0.25", NOW, 2, 1, Optional.of(LATER), 3, "rollback")),
                Optional.of(new ClosedView(
                        "green", Optional.of(3L), 2, List.of(new ClientView("app", "billing", "10.0.0.7", 2)))),
                ready.reverseLag(),
                ready.fault(),
                ready.actions(),
                ready.next());
    }

    private static Consent consent(long number, boolean given, String by, String reason) {
        return new Consent(
                number,
                Consent.Kind.OVERRIDE,
                "tx.longest",
                given,
                reason,
                by,
                NOW,
                NOW.plusSeconds(3600),
                "1f2e3d4c5b6a7988",
                1,
                "op-" + number);
    }

    public static List<TableView> tables() {
        return List.of(
                new TableView(
                        "public.items", "catalog.product", "done", 1_000, 1_000, 64_000_000, 64_000_000, 3, "clean"),
                new TableView("public.orders", "public.orders", "copying", 500, 2_000, 1_500, 6_000, 1, "never"));
    }

    public static PlanView plan(String what) {
        return new PlanView(
                what,
                "1f2e3d4c5b6a7988",
                List.of(
                        new PlanView.Step(
                                "FENCE", "Lock the tables of blue", List.of("lock table public.items"), "5 ms"),
                        new PlanView.Step("DRAIN", "Wait for the marker", List.of(), "")),
                List.of(
                        Finding.warning("blue.wal-keep", "blue", "max_slot_wal_keep_size is not set", "alter system …"),
                        Finding.note("green.version", "green", "PostgreSQL 18")));
    }

    public static Verification cleanVerification() {
        return new Verification(
                NOW,
                Duration.ofSeconds(12),
                Duration.ofMillis(40),
                List.of(new TableResult(
                        TableName.parse("public.items"),
                        TableName.parse("catalog.product"),
                        1_000,
                        1_000,
                        true,
                        0,
                        List.of())));
    }

    public static Verification differingVerification() {
        TableName items = TableName.parse("public.items");
        TableName product = TableName.parse("catalog.product");
        return new Verification(
                NOW,
                Duration.ofSeconds(12),
                Duration.ofMillis(40),
                List.of(
                        new TableResult(
                                items,
                                product,
                                1_000,
                                1_000,
                                false,
                                3,
                                List.of(
                                        new RowDifference(
                                                product,
                                                "id=5",
                                                Kind.DIFFERENT,
                                                List.of(new ColumnDifference("price_cents", "1200", "1199"))),
                                        new RowDifference(product, "id=6", Kind.MISSING, List.of()))),
                        new TableResult(
                                TableName.parse("public.orders"),
                                TableName.parse("public.orders"),
                                2_000,
                                2_000,
                                true,
                                0,
                                List.of())));
    }
}
