package io.viridian.demo;

/** The demonstration cannot go on; the message is for whoever watches it. */
final class Trouble extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Trouble(String message) {
        super(message);
    }

    Trouble(String message, Throwable cause) {
        super(message, cause);
    }
}
