package io.viridian.cutover.gate;

import io.viridian.migration.SwitchStep;
import java.time.Duration;

/**
 * A part of the pause that is to come.
 *
 * @param step in which it is spent
 * @param takes how long
 * @param refutable whether a rehearsal measures it anew; what none can disprove refuses nothing
 * @param source where that comes from, for people
 */
public record PauseTerm(SwitchStep step, Duration takes, boolean refutable, String source) {
    /** The word for it. */
    public String name() {
        return switch (step) {
            case FENCE -> "locks";
            case DRAIN -> "drain";
            case VERIFY -> "verify";
            case SEQUENCES -> "sequences";
            case REVERSE -> "reverse";
            case COMMIT -> "commit";
            case OPEN -> "open";
            case ROUTE -> "route";
        };
    }

    /** The source in a word or two. */
    String kind() {
        return source.replaceFirst("( at |:).*", "");
    }

    /** For people. */
    public String words() {
        return "about " + takes.toMillis() + " ms, " + source;
    }
}
