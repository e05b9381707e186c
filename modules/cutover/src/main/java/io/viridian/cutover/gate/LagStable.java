package io.viridian.cutover.gate;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The lag has been small at every reading for some time. What happened between two readings far apart nobody knows, so
 * the time begins anew then, as it does when what counts as small is another thing.
 */
final class LagStable implements Check {
    /** The daemon reads every second or so; missing ten of those is missing something. */
    private static final Duration GAP_MAX = Duration.ofSeconds(10);

    private OptionalLong smallSince = OptionalLong.empty();
    private long lastRead;
    private Duration lastMax = Duration.ZERO;

    @Override
    public String id() {
        return "lag.stable";
    }

    @Override
    public String firmBecause() {
        return "";
    }

    @Override
    public Optional<Observation> observe(Inquiry inquiry) {
        long now = inquiry.parts().clock().nanoTime();
        boolean gap = Duration.ofNanos(now - lastRead).compareTo(GAP_MAX) > 0;
        boolean other = !lastMax.equals(inquiry.limits().lagMax());
        lastRead = now;
        lastMax = inquiry.limits().lagMax();
        if (!LagSeconds.small(inquiry)) {
            smallSince = OptionalLong.empty();
        } else if (smallSince.isEmpty() || gap || other) {
            smallSince = OptionalLong.of(now);
        }
        Duration stable = smallSince.isPresent() ? Duration.ofNanos(now - smallSince.getAsLong()) : Duration.ZERO;
        Duration demanded = inquiry.limits().stableFor();
        return Observation.of(
                smallSince.isPresent() && stable.compareTo(demanded) >= 0,
                "small for " + Words.duration(stable),
                "for " + Words.duration(demanded),
                "Wait; it counts from the last time the lag was above its limit.");
    }
}
