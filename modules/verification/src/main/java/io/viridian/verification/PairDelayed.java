package io.viridian.verification;

/** Something of the applications stands in the way of an exact pair; it may be gone when we try again. */
final class PairDelayed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String why;

    PairDelayed(String why) {
        super(why);
        this.why = why;
    }

    PairDelayed(String why, Throwable cause) {
        super(why, cause);
        this.why = why;
    }

    String why() {
        return why;
    }
}
