package io.viridian.cutover.gate;

import java.time.Duration;
import java.util.Optional;

/** The newest heartbeat that is applied is young. */
final class LagSeconds implements Check {
    @Override
    public String id() {
        return "lag.seconds";
    }

    @Override
    public String firmBecause() {
        return "";
    }

    @Override
    public Optional<Observation> observe(Inquiry inquiry) {
        Duration max = inquiry.limits().lagMax();
        Optional<Duration> lag = lag(inquiry);
        return Observation.of(
                small(inquiry),
                lag.map(Words::duration).orElse("no heartbeat was applied yet"),
                "at most " + Words.duration(max),
                "Let the stream catch up: less load on " + inquiry.source().text() + ", or more time.");
    }

    static Optional<Duration> lag(Inquiry inquiry) {
        return inquiry.facts()
                .lane()
                .lastMarkerEmitted()
                .map(emitted -> Words.since(inquiry.parts().clock(), emitted));
    }

    static boolean small(Inquiry inquiry) {
        return lag(inquiry)
                .filter(lag -> lag.compareTo(inquiry.limits().lagMax()) <= 0)
                .isPresent();
    }
}
