package io.viridian.migration;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Which row stays when both sides have changed it and neither had seen the other's change. */
public enum ConflictPolicy {
    /** Nobody decides: the canary ends, and a person does. */
    HALT,
    BLUE_WINS,
    GREEN_WINS,
    /** The row whose last change was committed later, by the clocks of both servers; blue's at the same moment. */
    NEWEST_WINS;

    /** The word of configuration, command line and HTTP. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<ConflictPolicy> parse(String text) {
        return Arrays.stream(values()).filter(one -> one.text().equals(text)).findFirst();
    }
}
