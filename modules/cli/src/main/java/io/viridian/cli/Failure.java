package io.viridian.cli;

/** A verb could not do what it was asked; printed once, at the top. */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exit;
    private final String fix;

    /**
     * Makes a failure.
     *
     * @param what one sentence, beginning with a fault code where there is one
     * @param fix what the operator can do
     */
    Failure(ExitCode exit, String what, String fix) {
        super(what);
        this.exit = exit;
        this.fix = fix;
    }

    ExitCode exit() {
        return exit;
    }

    String what() {
        return String.valueOf(getMessage());
    }

    String fix() {
        return fix;
    }
}
