package io.viridian.cutover.gate;

import io.viridian.proof.Verification;
import java.util.Optional;

/** The last verification found no difference. */
final class VerificationClean implements Check {
    @Override
    public String id() {
        return "verify.clean";
    }

    @Override
    public String firmBecause() {
        return "rows differ, or nobody has ever looked: the switch would make the wrong ones the only " + "ones";
    }

    @Override
    public Optional<Observation> observe(Inquiry inquiry) {
        Optional<Verification> last = inquiry.facts().verification();
        long differing = last.stream()
                .flatMap(verification -> verification.tables().stream())
                .mapToLong(Verification.TableResult::differing)
                .sum();
        String value = last.map(verification ->
                        verification.clean() ? verification.rows() + " rows equal" : differing + " rows differ")
                .orElse("never verified");
        return Observation.of(
                last.filter(Verification::clean).isPresent(),
                value,
                "no row differs",
                "Look at `viridian diff`, mend, and run `viridian verify`.");
    }
}
