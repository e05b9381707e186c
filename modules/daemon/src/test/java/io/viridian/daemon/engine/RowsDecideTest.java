package io.viridian.daemon.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.cutover.Ownership;
import io.viridian.cutover.Ownership.State;
import io.viridian.cutover.Reading;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.migration.MigrationState;
import io.viridian.migration.SwitchAttempt;
import io.viridian.migration.SwitchStep;
import io.viridian.plan.Side;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RowsDecideTest {
    private static final SwitchAttempt CUTOVER = new SwitchAttempt("cutover", 1, "op-1");
    private static final SwitchAttempt ROLLBACK = new SwitchAttempt("rollback", 2, "op-2");

    private static final Reading BLUE_OWNS = row(Side.BLUE, Side.BLUE, 1, State.OPEN, "");
    private static final Reading GREEN_NEVER_OPEN = row(Side.GREEN, Side.BLUE, 1, State.CLOSED, "");
    private static final Reading BLUE_HANDED_OVER = row(Side.BLUE, Side.GREEN, 2, State.TRANSFERRED, "cutover");
    private static final Reading GREEN_OWNS = row(Side.GREEN, Side.GREEN, 2, State.OPEN, "");
    private static final Reading GREEN_HANDED_BACK = row(Side.GREEN, Side.BLUE, 3, State.TRANSFERRED, "direct");
    private static final Reading BLUE_OWNS_AGAIN = row(Side.BLUE, Side.BLUE, 3, State.OPEN, "");

    private static final MigrationState BACK_WITHOUT_THE_JOURNAL =
            new MigrationState.RolledBack(new SwitchAttempt("direct", 2, ""));

    private static Reading row(Side side, Side owner, long epoch, State state, String nonce) {
        return new Reading.Says(new Ownership(
                side,
                owner,
                epoch,
                state,
                Optional.empty(),
                Optional.empty(),
                nonce.isEmpty() ? Optional.empty() : Optional.of(nonce)));
    }

    private static Optional<MigrationState> corrected(MigrationState said, Reading blue, Reading green) {
        return RowsDecide.correction(said, blue, green);
    }

    @Nested
    class AJournalThatKnows {
        @Test
        void isLeftAsItIs() {
            assertThat(corrected(new MigrationState.Ready(), BLUE_OWNS, GREEN_NEVER_OPEN))
                    .isEmpty();
            assertThat(corrected(new MigrationState.Switched(CUTOVER), BLUE_HANDED_OVER, GREEN_OWNS))
                    .isEmpty();
            assertThat(corrected(new MigrationState.Finalizing(), BLUE_HANDED_OVER, GREEN_OWNS))
                    .isEmpty();
            assertThat(corrected(new MigrationState.RolledBack(ROLLBACK), BLUE_OWNS_AGAIN, GREEN_HANDED_BACK))
                    .isEmpty();
        }

        @Test
        void leadsASwitchThatWasBrokenOffToItsEnd() {
            MigrationState cutting = new MigrationState.CuttingOver(SwitchStep.FENCE, CUTOVER, false);
            assertThat(corrected(cutting, BLUE_OWNS, GREEN_NEVER_OPEN)).isEmpty();
            assertThat(corrected(cutting, BLUE_HANDED_OVER, GREEN_NEVER_OPEN)).isEmpty();
            assertThat(corrected(cutting, BLUE_HANDED_OVER, GREEN_OWNS)).isEmpty();
            assertThat(corrected(
                            new MigrationState.RollingBack(SwitchStep.FENCE, ROLLBACK), BLUE_HANDED_OVER, GREEN_OWNS))
                    .isEmpty();
        }

        @Test
        void isNotDoubtedWhileASideSaysNothing() {
            Reading silent = new Reading.Unreachable("no route");
            assertThat(corrected(new MigrationState.Switched(CUTOVER), BLUE_OWNS_AGAIN, silent))
                    .isEmpty();
            assertThat(corrected(new MigrationState.Finalizing(), new Reading.Nothing(), new Reading.Nothing()))
                    .isEmpty();
        }
    }

    @Nested
    class AJournalThatWasNotThere {
        @Test
        void learnsOfARollback() {
            assertThat(corrected(new MigrationState.Switched(CUTOVER), BLUE_OWNS_AGAIN, GREEN_HANDED_BACK))
                    .contains(BACK_WITHOUT_THE_JOURNAL);
            MigrationState halted = new MigrationState.Halted(
                    new MigrationState.Switched(CUTOVER), Fault.of(FaultCode.SLOT_LOST, "gone"));
            assertThat(corrected(halted, BLUE_OWNS_AGAIN, GREEN_HANDED_BACK)).contains(BACK_WITHOUT_THE_JOURNAL);
            assertThat(corrected(new MigrationState.Finalizing(), BLUE_OWNS_AGAIN, GREEN_HANDED_BACK))
                    .contains(BACK_WITHOUT_THE_JOURNAL);
        }

        @Test
        void learnsThatTheCutoverItKnewOfWasFinishedAndTakenBack() {
            assertThat(corrected(
                            new MigrationState.CuttingOver(SwitchStep.FENCE, CUTOVER, false),
                            BLUE_OWNS_AGAIN,
                            GREEN_HANDED_BACK))
                    .contains(BACK_WITHOUT_THE_JOURNAL);
        }

        @Test
        void learnsThatAnotherAttemptThanItsOwnHasGoneBack() {
            assertThat(corrected(
                            new MigrationState.RollingBack(SwitchStep.FENCE, ROLLBACK),
                            BLUE_OWNS_AGAIN,
                            GREEN_HANDED_BACK))
                    .contains(BACK_WITHOUT_THE_JOURNAL);
        }

        @Test
        void learnsOfARollbackThatIsHalfWay() {
            assertThat(corrected(new MigrationState.Switched(CUTOVER), BLUE_HANDED_OVER, GREEN_HANDED_BACK))
                    .contains(new MigrationState.RollingBack(SwitchStep.OPEN, new SwitchAttempt("direct", 2, "")));
        }

        /** Restored from before the cutover. */
        @Test
        void learnsOfACutover() {
            assertThat(corrected(new MigrationState.Ready(), BLUE_HANDED_OVER, GREEN_OWNS))
                    .contains(new MigrationState.Switched(new SwitchAttempt("cutover", 1, "")));
            assertThat(corrected(new MigrationState.Ready(), BLUE_HANDED_OVER, GREEN_NEVER_OPEN))
                    .contains(new MigrationState.CuttingOver(
                            SwitchStep.OPEN, new SwitchAttempt("cutover", 1, ""), false));
        }
    }
}
