package io.viridian.bench;

import io.viridian.time.Clock;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Tells the terminal what is being measured, each line with the time since the beginning. Any thread. */
@SuppressWarnings("AnnotateFormatMethod")
final class Progress {
    private static final double MILLIS_PER_SECOND = 1000.0;

    private final PrintStream out;
    private final Clock clock;
    private final long began;

    Progress(PrintStream out, Clock clock) {
        this.out = out;
        this.clock = clock;
        this.began = clock.nanoTime();
    }

    synchronized void line(String what, String text, Object... values) {
        double seconds = clock.since(began).toMillis() / MILLIS_PER_SECOND;
        plain(String.format(Locale.ROOT, "%7.1f s  %-9s ", seconds, what) + String.format(Locale.ROOT, text, values));
    }

    synchronized void plain(String text) {
        text.lines().forEach(line -> out.println(line.stripTrailing()));
        out.flush();
    }

    /** Seconds with fractions, for what was measured. */
    static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
