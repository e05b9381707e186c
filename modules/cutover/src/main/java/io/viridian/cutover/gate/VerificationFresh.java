package io.viridian.cutover.gate;

import java.time.Duration;
import java.util.Optional;

/** The last verification is young, and every row touched since then is remembered. */
final class VerificationFresh implements Check {
    @Override
    public String id() {
        return "verify.fresh";
    }

    @Override
    public String firmBecause() {
        return "from the last verification on the daemon knows which rows to compare under the fence, "
                + "and without it the switch would not be proven; raise verify.max-age or run `viridian "
                + "verify`";
    }

    @Override
    public Optional<Observation> observe(Inquiry inquiry) {
        Duration max = inquiry.limits().verificationAgeMax();
        Optional<Duration> age = inquiry.facts()
                .verification()
                .map(verification -> Words.since(inquiry.parts().clock(), verification.started()));
        boolean young = age.filter(one -> one.compareTo(max) <= 0).isPresent();
        boolean known = inquiry.facts().touchedKnown();
        String value = age.map(one -> Words.duration(one) + " old").orElse("never verified");
        return Observation.of(
                young && known,
                known ? value : value + ", rows touched since are not all remembered",
                "at most " + Words.duration(max) + " old",
                "Run `viridian verify`.");
    }
}
