package io.viridian.fault;

/**
 * We asked for something and do not know whether it happened, usually because the answer to a COMMIT was lost. Never
 * retried: whoever holds it must read the authority and find out.
 */
public final class Ambiguity extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Ambiguity(String what, Throwable cause) {
        super(what, cause);
    }
}
