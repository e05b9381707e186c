package io.viridian.cutover.gate;

import io.viridian.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** How gates tell durations and sizes. */
final class Words {
    private Words() {}

    static String duration(Duration duration) {
        if (duration.compareTo(Duration.ofSeconds(10)) < 0) {
            return duration.toMillis() + " ms";
        }
        if (duration.compareTo(Duration.ofMinutes(10)) < 0) {
            return duration.toSeconds() + " s";
        }
        return duration.toMinutes() + " min";
    }

    static String bytes(long bytes) {
        return bytes < 10L << 20 ? bytes / 1024 + " KiB" : (bytes >> 20) + " MiB";
    }

    /** Never negative: two machines' clocks differ. */
    static Duration since(Clock clock, Instant then) {
        Duration age = Duration.between(then, clock.now());
        return age.isNegative() ? Duration.ZERO : age;
    }
}
