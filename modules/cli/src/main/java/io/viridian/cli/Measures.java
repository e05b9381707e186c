package io.viridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Sizes, counts and times as people read them. */
final class Measures {
    private static final List<String> SIZES = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB");
    private static final double STEP = 1024;
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Measures() {}

    /** {@code 1.8 MiB}; three digits are enough to compare. */
    static String bytes(double bytes) {
        double rest = bytes;
        int size = 0;
        while (rest >= STEP && size < SIZES.size() - 1) {
            rest /= STEP;
            size++;
        }
        String form = size == 0 || rest >= 100 ? "%.0f %s" : "%.1f %s";
        return form.formatted(rest, SIZES.get(size));
    }

    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** {@code 82.5 ms}, {@code 0.3 s}, {@code 1 min 35 s}, {@code 2 h 5 min}, {@code 3 d 2 h}. */
    static String duration(Duration duration) {
        long seconds = duration.toSeconds();
        if (duration.compareTo(Duration.ofMillis(100)) < 0) {
            return trimmed("%.1f".formatted(duration.toNanos() / 1e6)) + " ms";
        }
        if (seconds < MINUTE) {
            return trimmed("%.1f".formatted(duration.toMillis() / 1e3)) + " s";
        }
        if (seconds < HOUR) {
            return pair(seconds / MINUTE, "min", seconds % MINUTE, "s");
        }
        return seconds < DAY
                ? pair(seconds / HOUR, "h", seconds % HOUR / MINUTE, "min")
                : pair(seconds / DAY, "d", seconds % DAY / HOUR, "h");
    }

    static String seconds(double seconds) {
        return duration(Duration.ofNanos(Math.round(seconds * 1e9)));
    }

    /** {@code 26 min ago}; clocks may disagree, so the future is now. */
    static String ago(Instant then, Instant now) {
        Duration age = Duration.between(then, now);
        return age.compareTo(Duration.ofSeconds(1)) < 0
                ? "just now"
                : duration(age.truncatedTo(java.time.temporal.ChronoUnit.SECONDS)) + " ago";
    }

    /** A number of seconds that may be unknown. */
    static String seconds(JsonNode value) {
        return value.isNumber() ? seconds(value.asDouble()) : "not known";
    }

    static String bytes(JsonNode value) {
        return value.isNumber() ? bytes(value.asDouble()) : "not known";
    }

    private static String pair(long large, String largeUnit, long small, String smallUnit) {
        return small == 0 ? large + " " + largeUnit : large + " " + largeUnit + " " + small + " " + smallUnit;
    }

    private static String trimmed(String number) {
        return number.endsWith(".0") ? number.substring(0, number.length() - 2) : number;
    }
}
