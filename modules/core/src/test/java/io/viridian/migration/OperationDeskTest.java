package io.viridian.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.time.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Operations wait in order, are written down before they begin, and each of them ends once. */
final class OperationDeskTest {
    private final SettableClock clock = new SettableClock();
    private final InMemoryOperations durable = new InMemoryOperations();
    private final OperationDesk desk = new OperationDesk(clock);
    private int asked;

    @Test
    void handsThemOutInTheOrderInWhichTheyWereAskedFor() {
        submit(Operation.Type.VERIFY);
        submit(Operation.Type.REHEARSE);

        assertThat(desk.begin()).map(Operation::type).contains(Operation.Type.VERIFY);
        assertThat(desk.begin()).map(Operation::type).contains(Operation.Type.REHEARSE);
        assertThat(desk.begin()).isEmpty();
    }

    @Test
    void handsOutAnAbortBeforeWhatHasWaitedLonger() {
        submit(Operation.Type.VERIFY);
        submit(Operation.Type.ABORT);

        assertThat(desk.waits(Operation.Type.ABORT)).isTrue();
        assertThat(desk.begin(Operation.Type.ABORT)).map(Operation::type).contains(Operation.Type.ABORT);
        assertThat(desk.waits(Operation.Type.ABORT)).isFalse();
        assertThat(desk.begin()).map(Operation::type).contains(Operation.Type.VERIFY);
    }

    @Test
    void keepsTheTimesOfAskingBeginningAndEnding() {
        Operation asked = submit(Operation.Type.VERIFY);
        clock.pass(Duration.ofSeconds(2));
        Operation begun = desk.begin().orElseThrow();
        clock.pass(Duration.ofSeconds(3));
        desk.succeeded(begun, Map.of("clean", "true"));

        Operation done = desk.find(asked.id()).orElseThrow();
        assertThat(done.status()).isEqualTo(Operation.Status.SUCCEEDED);
        assertThat(done.started()).contains(asked.requested().plusSeconds(2));
        assertThat(done.finished()).contains(asked.requested().plusSeconds(5));
        assertThat(done.result()).containsEntry("clean", "true");
    }

    @Test
    void aFailureTellsCodeDetailObjectAndWhatToDo() {
        Operation asked = submit(Operation.Type.CUTOVER);
        desk.failed(asked, new Fault(FaultCode.LOCK_TIMEOUT, "process 7 holds it", "public.items", "55P03"));

        assertThat(desk.find(asked.id()).orElseThrow().result())
                .containsEntry("code", "LOCK_TIMEOUT")
                .containsEntry("detail", "process 7 holds it")
                .containsEntry("object", "public.items")
                .containsEntry("sqlstate", "55P03")
                .containsEntry("fix", FaultCode.LOCK_TIMEOUT.remedy());
    }

    @Test
    void whatWasToldOnceStays() {
        Operation asked = submit(Operation.Type.CUTOVER);
        desk.succeeded(asked, Map.of("write_pause_ms", "180"));
        desk.failed(asked, Fault.of(FaultCode.OUTCOME_UNKNOWN, "met again"));

        Operation done = desk.find(asked.id()).orElseThrow();
        assertThat(done.status()).isEqualTo(Operation.Status.SUCCEEDED);
        assertThat(done.result()).isEqualTo(Map.of("write_pause_ms", "180"));
    }

    @Test
    void anAbortSucceedsNotWhenItBeginsButWhenTheMigrationHasEnded() {
        submit(Operation.Type.ABORT);
        Operation begun = desk.begin().orElseThrow();
        desk.whenFinal(begun);
        assertThat(desk.open()).containsExactly(begun);

        desk.ended();
        assertThat(desk.find(begun.id()).orElseThrow().status()).isEqualTo(Operation.Status.SUCCEEDED);
    }

    @Test
    void writesDownWhatWasAskedForBeforeThereWasAPlaceForIt() {
        Operation early = submit(Operation.Type.PAUSE);
        desk.attach(durable);

        assertThat(durable.find(early.id())).contains(early);
    }

    @Test
    void stillTellsOfTheEndWhenThePlaceIsGone() {
        desk.attach(durable);
        submit(Operation.Type.FINALIZE);
        Operation begun = desk.begin().orElseThrow();
        desk.whenFinal(begun);
        desk.detach();
        desk.ended();

        assertThat(desk.find(begun.id()).orElseThrow().status()).isEqualTo(Operation.Status.SUCCEEDED);
        assertThat(durable.find(begun.id()).orElseThrow().status()).isEqualTo(Operation.Status.RUNNING);
    }

    @Test
    void doesNotAcceptWhatCannotBeWrittenDown() {
        desk.attach(durable);
        durable.refuseNext(Stage.blueIsAway());

        assertThatThrownBy(() -> submit(Operation.Type.VERIFY)).isInstanceOf(FaultException.class);
        assertThat(desk.open()).isEmpty();
        assertThat(desk.begin()).isEmpty();
    }

    @Test
    void doesNotBeginWhatCannotBeWrittenDownAsRunning() {
        desk.attach(durable);
        submit(Operation.Type.CUTOVER);
        durable.refuseNext(Stage.blueIsAway());

        assertThatThrownBy(desk::begin).isInstanceOf(FaultException.class);
        assertThat(desk.open()).extracting(Operation::status).containsExactly(Operation.Status.PENDING);
        assertThat(desk.begin()).map(Operation::status).contains(Operation.Status.RUNNING);
    }

    @Test
    void theNextDaemonCarriesOutWhatHadNotBegun() {
        desk.attach(durable);
        submit(Operation.Type.VERIFY);
        OperationDesk next = new OperationDesk(clock);
        next.attach(durable);

        assertThat(next.begin()).map(Operation::type).contains(Operation.Type.VERIFY);
    }

    @Test
    void theNextDaemonTellsOfWhatHadEndedInTheOrderInWhichItWasAskedFor() {
        desk.attach(durable);
        desk.succeeded(begun(Operation.Type.CUTOVER), Map.of("write_pause_ms", "180"));
        submit(Operation.Type.VERIFY);
        OperationDesk next = new OperationDesk(clock);
        next.submit(operation("early", Operation.Type.VERIFY));
        next.attach(durable);

        assertThat(next.recent(10)).extracting(Operation::id).containsExactly("early", "op-2", "op-1");
        assertThat(next.recent(10).getLast().result()).containsEntry("write_pause_ms", "180");
        assertThat(next.begin()).map(Operation::id).contains("early");
        assertThat(next.begin()).map(Operation::id).contains("op-2");
        assertThat(next.begin()).isEmpty();
    }

    @Test
    void theNextDaemonKnowsWhatHasNotEndedHoweverMuchEndedAfterIt() {
        desk.attach(durable);
        Operation halfWay = begun(Operation.Type.CUTOVER);
        desk.halted();
        for (int more = 0; more < 250; more++) {
            desk.succeeded(begun(Operation.Type.VERIFY), Map.of());
        }
        assertThat(desk.recent(1000)).hasSize(200).extracting(Operation::id).contains(halfWay.id());
        OperationDesk next = new OperationDesk(clock);
        next.attach(durable);

        assertThat(next.recent(1000)).hasSize(200).extracting(Operation::id).contains(halfWay.id(), "op-251");
        next.settle(new MigrationState.Ready());
        assertThat(durable.find(halfWay.id()).orElseThrow().status()).isEqualTo(Operation.Status.CANCELLED);
    }

    @Test
    void theNextDaemonGoesOnWithTheSwitchTheJournalKnowsOfAndCancelsTheRest() {
        desk.attach(durable);
        Operation known = begun(Operation.Type.CUTOVER);
        List<Operation> unknown = List.of(
                begun(Operation.Type.CUTOVER),
                begun(Operation.Type.VERIFY),
                begun(Operation.Type.ABORT),
                begun(Operation.Type.FINALIZE));
        OperationDesk next = new OperationDesk(clock);
        next.attach(durable);
        next.settle(new MigrationState.CuttingOver(SwitchStep.FENCE, new SwitchAttempt("n", 1, known.id()), false));

        assertThat(next.open()).containsExactly(known);
        assertThat(unknown)
                .allSatisfy(
                        one -> assertThat(durable.find(one.id()).orElseThrow().status())
                                .isEqualTo(Operation.Status.CANCELLED));
    }

    @Test
    void whatAHaltLeavesHalfWayIsFoundOutLaterAndInNobodysWay() {
        desk.attach(durable);
        Operation begun = begun(Operation.Type.ROLLBACK);
        desk.halted();

        assertThat(desk.open()).isEmpty();
        assertThat(durable.find(begun.id()).orElseThrow().status()).isEqualTo(Operation.Status.UNKNOWN);
        desk.undone(begun, Fault.of(FaultCode.OUTCOME_UNKNOWN, "read back"), Map.of());
        assertThat(durable.find(begun.id()).orElseThrow().status()).isEqualTo(Operation.Status.UNDONE);
    }

    @Test
    void remembersTheNewestInMemoryAndFindsTheOthersWhereTheyAreKept() {
        desk.attach(durable);
        Operation first = submit(Operation.Type.VERIFY);
        desk.begin().ifPresent(one -> desk.succeeded(one, Map.of()));
        for (int more = 0; more < 250; more++) {
            submit(Operation.Type.VERIFY);
            desk.begin().ifPresent(one -> desk.succeeded(one, Map.of()));
        }

        assertThat(desk.recent(1000)).hasSize(200).doesNotContain(first);
        assertThat(desk.recent(1)).extracting(Operation::id).containsExactly("op-251");
        assertThat(desk.find(first.id())).map(Operation::status).contains(Operation.Status.SUCCEEDED);
    }

    private Operation begun(Operation.Type type) {
        submit(type);
        return desk.begin().orElseThrow();
    }

    private Operation submit(Operation.Type type) {
        asked++;
        Operation operation = operation("op-" + asked, type);
        desk.submit(operation);
        return operation;
    }

    private Operation operation(String id, Operation.Type type) {
        return new Operation(
                id,
                type,
                Map.of(),
                "",
                "tester",
                Operation.Status.PENDING,
                Map.of(),
                clock.now(),
                Optional.empty(),
                Optional.empty());
    }
}
