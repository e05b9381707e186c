package io.viridian.testkit.server;

/**
 * A test server could not be started, stopped or asked. Always a failure of the test's ground, never of its subject.
 */
public final class ServerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ServerException(String message) {
        super(message);
    }

    ServerException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Waiting for a server was interrupted: the flag is set again, because starting servers declares no checked
     * exception.
     */
    static ServerException interrupted(String what, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new ServerException("interrupted while " + what, cause);
    }
}
