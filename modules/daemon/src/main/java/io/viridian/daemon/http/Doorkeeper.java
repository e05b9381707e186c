package io.viridian.daemon.http;

import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;

/** Looks at every request before anybody works for it: by which name it came, from where, and with whose token. */
final class Doorkeeper {
    private static final String SCHEME = "bearer ";

    private final Tokens tokens;
    private final boolean loopbackOnly;

    /**
     * Puts somebody at the door.
     *
     * @param loopbackOnly whether the daemon listens where only this machine reaches it
     */
    Doorkeeper(Tokens tokens, boolean loopbackOnly) {
        this.tokens = tokens;
        this.loopbackOnly = loopbackOnly;
    }

    /**
     * On loopback only names of loopback are served: a web page whose name was made to point here sends its own name.
     * Elsewhere the daemon does not know its names; whoever comes by one that is not of loopback needs a token.
     */
    void demandHost(HttpServerRequest request) {
        if (loopbackOnly && !namesLoopback(request)) {
            throw new ProblemException(ProblemKind.HOST_REFUSED.about(
                    "Host", "the request was sent to '%s'".formatted(request.getHeader("Host"))));
        }
    }

    /** A request without Host comes from a probe, never from a browser. */
    private static boolean namesLoopback(HttpServerRequest request) {
        String host = request.getHeader("Host");
        return host == null || isLoopbackName(withoutPort(host));
    }

    /**
     * Who asks; empty for somebody on this machine without a token.
     *
     * @throws ProblemException when the access demands more than was brought
     */
    Optional<Caller> admit(HttpServerRequest request, Endpoint.Access access) {
        if (access == Endpoint.Access.OPEN) {
            return Optional.empty();
        }
        Optional<Caller> caller = caller(request);
        if (caller.isEmpty() && (access == Endpoint.Access.CHANGING || !isLocal(request))) {
            throw ProblemKind.TOKEN_MISSING.refusal("no token was sent");
        }
        return caller;
    }

    private Optional<Caller> caller(HttpServerRequest request) {
        String authorization = request.getHeader("Authorization");
        if (authorization == null) {
            return Optional.empty();
        }
        boolean bearer = authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME);
        Optional<Caller> caller = bearer
                ? tokens.callerOf(authorization.substring(SCHEME.length()).strip())
                : Optional.empty();
        if (caller.isEmpty()) {
            throw ProblemKind.TOKEN_REFUSED.refusal("the header Authorization holds no token of this daemon");
        }
        return caller;
    }

    /** A proxy on this machine may bring somebody from elsewhere; such requests need a token like theirs. */
    private static boolean isLocal(HttpServerRequest request) {
        return InetAddress.ofLiteral(request.remoteAddress().hostAddress()).isLoopbackAddress()
                && namesLoopback(request)
                && request.getHeader("X-Forwarded-For") == null
                && request.getHeader("Forwarded") == null;
    }

    static boolean isLoopbackName(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        if (name.equals("localhost") || name.endsWith(".localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(name).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String withoutPort(String host) {
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            return end < 0 ? host : host.substring(1, end);
        }
        int colon = host.indexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }
}
