package io.viridian.daemon.http;

import java.util.Optional;

/** Who is behind a token. */
interface Tokens {
    Optional<Caller> callerOf(String token);
}
