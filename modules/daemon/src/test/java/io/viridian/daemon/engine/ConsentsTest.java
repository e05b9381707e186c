package io.viridian.daemon.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.cutover.gate.OwnGate;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.migration.Consent;
import io.viridian.migration.ConsentBook;
import io.viridian.migration.Gate;
import io.viridian.migration.GateOverride;
import io.viridian.migration.Operation;
import io.viridian.time.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Overrides and approvals: what they are about, how long they hold, and what can never be overridden. */
final class ConsentsTest {
    private static final Gate TX = new Gate("tx.longest", false, "212 s", "1 s", "End it.", Instant.EPOCH);
    private static final Gate LAG = new Gate("lag.seconds", false, "12 s", "1 s", "Wait.", Instant.EPOCH);

    private final SettableClock clock = new SettableClock();
    private final Book book = new Book();
    private String plan = "1f2e";
    private Optional<Long> epoch = Optional.of(1L);
    private int asked;
    private Consents consents = restarted(2);

    private Consents restarted(int approvals) {
        Consents fresh = new Consents(approvals, List.of("hook.smoke"), new TheScope(), clock);
        fresh.attach(book);
        return fresh;
    }

    /** A book without a database. */
    private static final class Book implements ConsentBook {
        private final List<Consent> pages = new ArrayList<>();

        @Override
        public Consent append(Consent consent) {
            return pages.stream()
                    .filter(one -> one.operation().equals(consent.operation()))
                    .findFirst()
                    .orElseGet(() -> {
                        pages.add(consent);
                        return consent;
                    });
        }

        @Override
        public List<Consent> newest(int most) {
            return pages.subList(Math.max(0, pages.size() - most), pages.size());
        }
    }

    private final class TheScope implements Consents.Scope {
        @Override
        public String planHash() {
            return plan;
        }

        @Override
        public Optional<Long> epoch() {
            return epoch;
        }
    }

    private Operation operation(Operation.Type type, String by, Map<String, String> parameters) {
        asked++;
        return new Operation(
                "op-" + asked,
                type,
                parameters,
                "the report may wait",
                by,
                Operation.Status.RUNNING,
                Map.of(),
                clock.now(),
                Optional.of(clock.now()),
                Optional.empty());
    }

    private void override(Map<String, String> parameters) {
        consents.write(operation(Operation.Type.OVERRIDE, "ada", parameters));
    }

    private void approve(String by) {
        consents.write(operation(Operation.Type.APPROVE, by, Map.of()));
    }

    private Optional<GateOverride> about(Gate gate) {
        return consents.beside(List.of(TX, LAG)).stream()
                .filter(one -> one.id().equals(gate.id()))
                .findFirst()
                .orElseThrow()
                .overridden();
    }

    private AbstractThrowableAssert<?, ?> refusedWith(FaultCode code, Map<String, String> parameters) {
        return assertThatThrownBy(() -> consents.demand(Operation.Type.OVERRIDE, parameters, "because"))
                .isInstanceOfSatisfying(
                        FaultException.class,
                        refused -> assertThat(refused.code()).isEqualTo(code));
    }

    @Nested
    class AnOverride {
        @Test
        void standsBesideItsGateWhichKeepsWhatItSees() {
            override(Map.of("gate", "tx.longest"));

            assertThat(about(TX))
                    .contains(new GateOverride(
                            "ada",
                            "the report may wait",
                            clock.now(),
                            clock.now().plus(Duration.ofHours(24))));
            assertThat(about(LAG)).isEmpty();
            assertThat(consents.beside(List.of(TX)).getFirst())
                    .satisfies(gate -> assertThat(gate.passing()).isFalse())
                    .satisfies(gate -> assertThat(gate.hint()).isEqualTo("End it."));
        }

        @Test
        void isKnownToTheNextDaemon() {
            override(Map.of("gate", "tx.longest"));
            consents = restarted(2);
            assertThat(about(TX)).isPresent();
        }

        @Test
        void endsWhenItsTimeIsUpAndIsToldStill() {
            override(Map.of("gate", "tx.longest", "for", "2h"));
            clock.pass(Duration.ofHours(2).minusMillis(1));
            assertThat(about(TX)).isPresent();
            clock.pass(Duration.ofMillis(1));
            assertThat(about(TX)).isEmpty();
            assertThat(consents.all()).hasSize(1);
        }

        @Test
        void isForTheSwitchThatIsToComeUnderThisPlan() {
            override(Map.of("gate", "tx.longest"));
            epoch = Optional.of(3L);
            assertThat(about(TX)).as("after a switch and back").isEmpty();
            epoch = Optional.of(1L);
            plan = "other";
            assertThat(about(TX)).as("under another plan").isEmpty();
            plan = "1f2e";
            epoch = Optional.empty();
            assertThat(about(TX)).as("while nobody can say who owns").isEmpty();
        }

        @Test
        void canBeTakenBackAndBothStay() {
            override(Map.of("gate", "tx.longest"));
            override(Map.of("gate", "tx.longest", "withdraw", "true"));

            assertThat(about(TX)).isEmpty();
            assertThat(consents.all())
                    .extracting(Consent::event)
                    .containsExactly("gate.overridden", "gate.override-withdrawn");
            assertThatThrownBy(() -> override(Map.of("gate", "tx.longest", "withdraw", "true")))
                    .hasMessageContaining("nothing to take back");
        }

        @Test
        void isWrittenDownOnceHoweverOftenItsOperationIsTakenUp() {
            Operation operation = operation(Operation.Type.OVERRIDE, "ada", Map.of("gate", "tx.longest"));
            consents.write(operation);
            consents = restarted(2);
            consents.write(operation);
            assertThat(consents.all()).hasSize(1);
        }

        @Test
        void ofAGateThatIsNotThereNamesTheNearest() {
            refusedWith(FaultCode.USAGE, Map.of("gate", "tx.longst")).hasMessageContaining("the nearest is tx.longest");
            refusedWith(FaultCode.USAGE, Map.of()).hasMessageContaining("there are repl.healthy");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "repl.healthy",
                    "slot.safe",
                    "backfill.complete",
                    "verify.fresh",
                    "verify.clean",
                    "schema.quiet",
                    "sequences.ready",
                    "green.no-foreign-writes",
                    "reverse.proven",
                    "approval"
                })
        void ofWhatASwitchRestsOnIsRefusedWithTheReason(String gate) {
            refusedWith(FaultCode.GATE_REFUSED, Map.of("gate", gate))
                    .hasMessageContaining("gate " + gate + " can never be overridden: ");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "lag.seconds",
                    "lag.stable",
                    "tx.longest",
                    "locks.none",
                    "prepared.none",
                    "green.ready",
                    "traffic.reachable",
                    "pause.predicted",
                    "window.open",
                    "hook.smoke"
                })
        void ofWhatCostsTimeOrComfortIsAccepted(String gate) {
            override(Map.of("gate", gate));
            assertThat(consents.all()).extracting(Consent::subject).containsExactly(gate);
        }

        @Test
        void needsAReasonAndABoundedTime() {
            assertThatThrownBy(() -> consents.demand(Operation.Type.OVERRIDE, Map.of("gate", "tx.longest"), " "))
                    .hasMessageContaining("needs a reason");
            refusedWith(FaultCode.USAGE, Map.of("gate", "tx.longest", "for", "8d"))
                    .hasMessageContaining("at most 7d");
            refusedWith(FaultCode.USAGE, Map.of("gate", "tx.longest", "for", "long"))
                    .hasMessageContaining("no duration");
        }
    }

    @Nested
    class AnApproval {
        private boolean approvedFor(String by) {
            return consents.approval(by).map(OwnGate::passing).orElseThrow();
        }

        @Test
        void ofTwoOtherPeopleIsNeeded() {
            approve("ben");
            approve("ben");
            assertThat(approvedFor("ada")).as("one person twice").isFalse();
            approve("ada");
            assertThat(approvedFor("ada")).as("one's own").isFalse();
            assertThat(approvedFor("carl")).isTrue();
            approve("carl");
            assertThat(approvedFor("ada")).isTrue();
            consents = restarted(2);
            assertThat(approvedFor("ada")).as("for the next daemon").isTrue();
        }

        @Test
        void canBeTakenBackByWhoGaveIt() {
            approve("ben");
            approve("carl");
            consents.write(operation(Operation.Type.APPROVE, "carl", Map.of("withdraw", "true")));
            assertThat(approvedFor("ada")).isFalse();
            assertThatThrownBy(
                            () -> consents.write(operation(Operation.Type.APPROVE, "dora", Map.of("withdraw", "true"))))
                    .hasMessageContaining("nothing to take back");
        }

        @Test
        void endsAfterADayAndWithTheSwitchAndWithThePlan() {
            approve("ben");
            approve("carl");
            plan = "other";
            assertThat(approvedFor("ada")).as("another plan").isFalse();
            plan = "1f2e";
            epoch = Optional.of(3L);
            assertThat(approvedFor("ada")).as("after a switch").isFalse();
            epoch = Optional.of(1L);
            clock.pass(Duration.ofHours(24));
            assertThat(approvedFor("ada")).as("a day later").isFalse();
        }

        @Test
        void isRefusedWhereNobodyAsksForIt() {
            consents = restarted(0);
            assertThat(consents.approval("ada")).isEmpty();
            assertThatThrownBy(() -> consents.demand(Operation.Type.APPROVE, Map.of(), "because"))
                    .hasMessageContaining("cutover.approvals is 0");
        }
    }
}
