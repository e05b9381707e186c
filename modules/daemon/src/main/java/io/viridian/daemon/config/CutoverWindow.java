package io.viridian.daemon.config;

import java.time.Instant;
import java.util.Optional;

/** When a switch may begin; an absent end is open. */
public record CutoverWindow(Optional<Instant> notBefore, Optional<Instant> notAfter) {
    public CutoverWindow {
        new SettingRules()
                .require(
                        notBefore.isEmpty()
                                || notAfter.isEmpty()
                                || notAfter.get().isAfter(notBefore.get()),
                        CutoverKeys.NOT_AFTER,
                        "must be later than cutover.window.not-before")
                .orThrow();
    }

    public boolean contains(Instant now) {
        return notBefore.map(start -> !now.isBefore(start)).orElse(true)
                && notAfter.map(end -> !now.isAfter(end)).orElse(true);
    }
}
