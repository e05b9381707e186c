package io.viridian.model;

import java.util.Locale;

/** The search met more states than it was allowed to: nothing is known about the model, so there is no verdict. */
public final class StateLimitExceeded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StateLimitExceeded(String model, int maxStates) {
        super(String.format(
                Locale.ROOT,
                "model '%s' has more than %,d states: nothing is proven; shrink it or raise the limit",
                model,
                maxStates));
    }
}
