package io.viridian.daemon.http;

import java.util.Arrays;

/** Strong entity tags, made of the migration's version: they change with anything but the measurements. */
final class EntityTag {
    private EntityTag() {}

    static String of(String version) {
        return '"' + version + '"';
    }

    /** Whether an If-Match of one tag, several, or {@code *} holds for this version. Weak tags never match. */
    static boolean matches(String ifMatch, String version) {
        return Arrays.stream(ifMatch.split(",", -1))
                .map(String::strip)
                .anyMatch(tag -> tag.equals("*") || tag.equals(of(version)));
    }
}
