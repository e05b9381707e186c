package io.viridian.daemon.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a token may do; each role may do everything the ones before it may. */
public enum Role {
    VIEWER,
    OPERATOR,
    APPROVER,
    RESPONDER,
    ADMIN;

    /**
     * By its name in files and answers.
     *
     * @throws IllegalArgumentException when there is no such role; says which there are
     */
    public static Role parse(String text) {
        return Arrays.stream(values())
                .filter(role -> role.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("not a role: there are "
                        + Arrays.stream(values()).map(Role::text).collect(Collectors.joining(", "))));
    }

    public boolean covers(Role needed) {
        return compareTo(needed) >= 0;
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
