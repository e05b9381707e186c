package io.viridian.daemon.http;

import java.util.Optional;

/** Who is behind a token. */
interface Tokens {
    /**
     * Who that is; empty when nobody was given this token.
     *
     * @throws ProblemException while it cannot be told yet, because the server is starting
     */
    Optional<Caller> callerOf(String token);
}
