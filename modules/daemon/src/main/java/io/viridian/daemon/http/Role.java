package io.viridian.daemon.http;

import java.util.Locale;

/** What a token may do; each role may do everything the ones before it may. */
public enum Role {
    VIEWER,
    OPERATOR,
    APPROVER,
    RESPONDER,
    ADMIN;

    boolean covers(Role needed) {
        return compareTo(needed) >= 0;
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
