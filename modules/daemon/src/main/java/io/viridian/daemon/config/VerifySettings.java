package io.viridian.daemon.config;

import java.time.Duration;

/**
 * How both sides are compared.
 *
 * @param every pause between two passes
 * @param maxAge how old the last clean pass may be for the gate verify.fresh
 */
public record VerifySettings(VerifyLevel level, Duration every, Duration maxAge) {
    public VerifySettings {
        new SettingRules()
                .limit(VerifyKeys.EVERY, every)
                .limit(VerifyKeys.MAX_AGE, maxAge)
                .require(
                        maxAge.compareTo(every) >= 0,
                        VerifyKeys.MAX_AGE,
                        "must not be shorter than verify.every, or the gate would fail between two clean passes")
                .orThrow();
    }
}
