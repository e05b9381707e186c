package io.viridian.cutover.gate;

import java.time.Instant;
import java.util.Optional;

/** The calendar allows it. */
final class WindowOpen implements Check {
    @Override
    public String id() {
        return "window.open";
    }

    @Override
    public String firmBecause() {
        return "";
    }

    @Override
    public Optional<Observation> observe(Inquiry inquiry) {
        Instant now = inquiry.parts().clock().now();
        Optional<Instant> from = inquiry.limits().notBefore();
        Optional<Instant> until = inquiry.limits().notAfter();
        boolean begun = from.filter(now::isBefore).isEmpty();
        boolean over = until.filter(now::isAfter).isPresent();
        String limit = from.map(instant -> "from " + instant).orElse("")
                + until.map(instant -> " until " + instant).orElse("");
        return Observation.of(
                begun && !over,
                now.toString(),
                limit.isBlank() ? "any time" : limit.strip(),
                over ? "The window is over; set a new one." : "Wait until the window opens.");
    }
}
