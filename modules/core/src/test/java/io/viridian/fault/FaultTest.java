package io.viridian.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FaultTest {
    @Test
    void tellsTheWholeStoryOnOneLine() {
        Fault fault = new Fault(FaultCode.ROW_REFUSED, "price is not null", "public.items", "23502");
        assertThat(fault.sentence()).isEqualTo("ROW_REFUSED: price is not null (public.items) [SQLSTATE 23502]");
    }

    @Test
    void doesNotNameTwiceWhatTheDetailNames() {
        Fault fault = Fault.about(FaultCode.SLOT_LOST, "viridian_shop_forward", "slot viridian_shop_forward is gone");
        assertThat(fault.sentence()).isEqualTo("SLOT_LOST: slot viridian_shop_forward is gone");
    }

    @Test
    void leavesOutWhatNobodySaid() {
        assertThat(Fault.of(FaultCode.BUG, "so it goes").sentence()).isEqualTo("BUG: so it goes");
    }

    @Test
    void travelsAsAnExceptionWithItsCause() {
        Exception cause = new Exception("the server said so");
        FaultException failure = Fault.of(FaultCode.BLUE_BUSY, "a deadlock").asException(cause);

        assertThat(failure).hasMessage("BLUE_BUSY: a deadlock").hasCause(cause);
        assertThat(failure.code()).isEqualTo(FaultCode.BLUE_BUSY);
        assertThat(failure.fault().detail()).isEqualTo("a deadlock");
    }

    @ParameterizedTest
    @EnumSource
    void everyCodeHasAnExitCodeOfTheContract(FaultCode code) {
        assertThat(code.exitCode()).isIn(Set.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12));
    }

    @ParameterizedTest
    @EnumSource
    void everyCodeSaysWhatToDoInWholeSentences(FaultCode code) {
        assertThat(code.remedy()).matches("[A-Z].*\\.").hasSizeBetween(15, 160);
    }

    @Test
    void noTwoCodesOfDifferentKindsShareARemedy() {
        List<String> remedies =
                Arrays.stream(FaultCode.values()).map(FaultCode::remedy).toList();
        assertThat(remedies).doesNotHaveDuplicates();
    }

    @Test
    void theImpossibleIsNeverTriedAgain() {
        assertThat(List.of(
                        FaultCode.BUG,
                        FaultCode.OWNERSHIP_IMPOSSIBLE,
                        FaultCode.SLOT_LOST,
                        FaultCode.SLOT_MOVED,
                        FaultCode.PUBLICATION_CHANGED))
                .extracting(FaultCode::retry)
                .containsOnly(Retry.NEVER);
    }

    /** The note of the change stays in the log, where the stream meets it again, even if the change was undone. */
    @Test
    void aChangedSchemaIsNotPassedByTryingAgain() {
        assertThat(FaultCode.SCHEMA_CHANGED.retry()).isEqualTo(Retry.NEVER);
    }
}
