package io.viridian.daemon;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viridian.schema.legacy.LegacyObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Who still uses the old schema on green, for people and for scripts. Immutable. */
final class CompatibilityReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<LegacyObject> objects;
    private final Duration quiet;
    private final Instant now;

    /** @param quiet for how long nobody may have used what can be dropped */
    CompatibilityReport(List<LegacyObject> objects, Duration quiet, Instant now) {
        this.objects = List.copyOf(objects);
        this.quiet = quiet;
        this.now = now;
    }

    ObjectNode json() {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode all = root.putArray("objects");
        for (LegacyObject object : objects) {
            ObjectNode one = all.addObject();
            one.put("migration", object.migration());
            one.put("table", object.source().toString());
            one.put("view", object.view().toString());
            one.put("offered", object.offered());
            one.put("writes", object.writes());
            one.put("reason", object.reason());
            one.put("since", object.since().toString());
            ArrayNode users = one.putArray("users");
            for (LegacyObject.User user : object.users()) {
                ObjectNode who = users.addObject();
                who.put("role", user.role());
                who.put("application", user.application());
                who.put("first", user.first().toString());
                who.put("last", user.last().toString());
                who.put("hours", user.hours());
            }
            one.put("safe_to_drop", safe(object));
        }
        return root;
    }

    String text() {
        if (objects.isEmpty()) {
            return """
                    There is no old schema on green.
                    Next: set legacy.enabled: true before the load is done
                    """;
        }
        StringBuilder text = new StringBuilder();
        objects.forEach(object -> tell(text, object));
        List<LegacyObject> safe = objects.stream().filter(this::safe).toList();
        text.append(safe.size())
                .append(" of ")
                .append(objects.stream().filter(LegacyObject::offered).count())
                .append(" views can be dropped: nobody used them for ")
                .append(quiet.toHours())
                .append(" h.\n");
        safe.forEach(object ->
                text.append("Next: drop view ").append(object.view().sql()).append(";\n"));
        if (safe.isEmpty()) {
            text.append("Next: bring the applications above to the new schema, then ask again\n");
        }
        return text.toString();
    }

    private void tell(StringBuilder text, LegacyObject object) {
        text.append(object.source());
        if (!object.offered()) {
            text.append("  is no view: ").append(object.reason()).append('\n');
            return;
        }
        text.append("  as ")
                .append(object.view())
                .append(", ")
                .append(writes(object))
                .append('\n');
        if (object.users().isEmpty()) {
            text.append("    nobody, since ").append(object.since()).append('\n');
        }
        for (LegacyObject.User user : object.users()) {
            text.append("    %s (%s)  from %s to %s, in %d hours%n"
                    .formatted(user.role(), user.application(), user.first(), user.last(), user.hours()));
        }
    }

    private static String writes(LegacyObject object) {
        return switch (object.writes()) {
            case "DIRECT" -> "written as a table";
            case "TRIGGER" -> "written by a trigger";
            default -> "written by inserts alone, because nothing names a row";
        };
    }

    private boolean safe(LegacyObject object) {
        return object.offered() && object.unused(quiet, now);
    }
}
