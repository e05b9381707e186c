package io.viridian.cutover.gate;

import io.viridian.fault.Fault;
import io.viridian.feed.LaneStatus;
import java.time.Duration;
import java.util.Optional;

/** The way back runs: a heartbeat of the target came through the other direction's lane a moment ago. */
final class ReverseProven implements Check {
    private static final Duration ECHO_MAX = Duration.ofSeconds(5);

    @Override
    public String id() {
        return "reverse.proven";
    }

    @Override
    public String firmBecause() {
        return "without a way back that works, whatever is written after the switch could not be led " + "back";
    }

    @Override
    public Optional<Observation> observe(Inquiry inquiry) {
        Optional<LaneStatus> back = inquiry.facts().back();
        if (back.isEmpty() && inquiry.plan().reversible()) {
            return Observation.of(
                    false,
                    "the stream of the way back does not run",
                    "a young heartbeat",
                    "Look at `viridian status` and at our slot on "
                            + inquiry.target().text() + ".");
        }
        if (back.isEmpty()) {
            return Observation.of(true, "there is no way back: reverse.enabled is off", "a young heartbeat", "");
        }
        Optional<Duration> age = back.get()
                .lastMarkerEmitted()
                .map(emitted -> Words.since(inquiry.parts().clock(), emitted));
        boolean young = age.filter(one -> one.compareTo(ECHO_MAX) <= 0).isPresent();
        Optional<Fault> fault = back.get().fault();
        return Observation.of(
                young && fault.isEmpty(),
                fault.map(Fault::sentence)
                        .or(() -> age.map(one -> "heartbeat " + Words.duration(one) + " ago"))
                        .orElse("no heartbeat came back yet"),
                "heartbeat at most " + Words.duration(ECHO_MAX) + " ago",
                fault.map(one -> one.code().remedy())
                        .orElse("Look at the slot on " + inquiry.target().text() + " and at `viridian status`."));
    }
}
