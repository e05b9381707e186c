package io.viridian.daemon.engine;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.control.MigrationControl;
import io.viridian.fault.FaultException;
import io.viridian.migration.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who ends the way back has to mean it. */
class FinalizeTermsTest {
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

    private static final FinalizeTerms TO_BE_KEPT =
            new FinalizeTerms("shop", false, Optional.empty(), NOW.plus(Duration.ofHours(1)));

    private static void demand(FinalizeTerms terms, String reason, Map<String, String> parameters) {
        terms.demand(new MigrationControl.Request(Operation.Type.FINALIZE, parameters, reason, "operator", ""), NOW);
    }

    private static void assertPasses(FinalizeTerms terms, String reason, Map<String, String> parameters) {
        assertThatCode(() -> demand(terms, reason, parameters)).doesNotThrowAnyException();
    }

    private static void assertRefused(FinalizeTerms terms, String why) {
        assertThatThrownBy(() -> demand(terms, " ", Map.of()))
                .isInstanceOf(FaultException.class)
                .hasMessageContaining(why)
                .hasMessageContaining("`confirm`");
    }

    @Test
    void withinKeepForItIsRefused() {
        assertRefused(TO_BE_KEPT, "is to be kept until 2026-11-27T13:00:00Z (reverse.keep-for)");
    }

    @Test
    void whoGivesAReasonOrTheNameMeansIt() {
        assertPasses(TO_BE_KEPT, "the disk is needed", Map.of());
        assertPasses(TO_BE_KEPT, "", Map.of("confirm", "shop"));
        assertThatThrownBy(() -> demand(TO_BE_KEPT, "the disk is needed", Map.of("confirm", "shap")))
                .hasMessageContaining("'shap' is not the migration's name");
    }

    /** Mended it would be a way back again. */
    @Test
    void aWayBackThatDoesNotWorkIsNotEndedInPassing() {
        assertRefused(
                new FinalizeTerms("shop", false, Optional.of("blue refused a row"), NOW.minusSeconds(1)),
                "does not work now (blue refused a row)");
    }

    @Test
    void afterKeepForNobodyIsAsked() {
        assertPasses(new FinalizeTerms("shop", false, Optional.empty(), NOW), "", Map.of());
    }

    @Test
    void whereThereIsNoWayBackNothingIsLost() {
        assertPasses(
                new FinalizeTerms("shop", true, Optional.of("the slot is gone"), NOW.plusSeconds(60)), "", Map.of());
    }
}
