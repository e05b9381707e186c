package io.viridian.cutover;

import io.viridian.fault.CrashPoint;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.migration.SwitchStep;
import io.viridian.plan.TableName;
import io.viridian.proof.Verification;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** VERIFY: compares every row that was touched since the last full verification, both sides standing still. */
final class FinalVerify implements Step {
    /** Enough to see what kind of mistake it is; `viridian diff` shows the rest. */
    private static final int ROWS_NAMED = 5;

    @Override
    public void perform(Crossing crossing) throws InterruptedException {
        crossing.requireTime(SwitchStep.VERIFY);
        Map<TableName, List<List<String>>> touched = crossing.lane()
                .touched()
                .orElseThrow(() -> Fault.about(
                                FaultCode.GATE_REFUSED,
                                "verify.fresh",
                                "which rows were touched since the last verification is not known any more: verify "
                                        + "again")
                        .asException());
        Verification found = crossing.comparison().compare(touched, crossing.budget());
        if (!found.clean()) {
            throw mismatch(crossing, found);
        }
        crossing.requireTime(SwitchStep.VERIFY);
        crossing.parts().failpoints().pass(CrashPoint.SWITCH_VERIFIED);
    }

    private static FaultException mismatch(Crossing crossing, Verification found) {
        long differing = found.tables().stream()
                .mapToLong(Verification.TableResult::differing)
                .sum();
        String rows = found.differences().stream()
                .limit(ROWS_NAMED)
                .map(row -> row.target() + " " + row.key() + " " + row.kind())
                .collect(Collectors.joining("; "));
        String first = found.tables().stream()
                .filter(table -> !table.equal())
                .map(table -> table.target().toString())
                .findFirst()
                .orElse("");
        return Fault.about(
                        FaultCode.VERIFY_MISMATCH,
                        first,
                        "under the fence " + differing + " rows of "
                                + crossing.to().text() + " differ: " + rows)
                .asException();
    }
}
