package io.viridian.demo;

import io.viridian.time.Clock;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Tells the terminal what happens, each line with the time since the beginning. Any thread. */
@SuppressWarnings("AnnotateFormatMethod")
final class Narrator {
    private static final double MILLIS_PER_SECOND = 1000.0;

    private final PrintStream out;
    private final Clock clock;
    private final long began;

    Narrator(PrintStream out, Clock clock) {
        this.out = out;
        this.clock = clock;
        this.began = clock.nanoTime();
    }

    synchronized void line(String what, String text, Object... values) {
        plain("%s  %-14s %s", seconds(clock.since(began)), what, text.formatted(values));
    }

    synchronized void plain(String text, Object... values) {
        out.println(String.format(Locale.ROOT, text, values).stripTrailing());
        out.flush();
    }

    Duration elapsed() {
        return clock.since(began);
    }

    static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%5.1f s", time.toMillis() / MILLIS_PER_SECOND);
    }

    static String millis(Duration time) {
        return String.format(Locale.ROOT, "%,d ms", time.toMillis());
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
