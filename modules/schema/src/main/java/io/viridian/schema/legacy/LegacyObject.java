package io.viridian.schema.legacy;

import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One of blue's tables in the old schema on green, and who used it.
 *
 * @param writes how it can be written: DIRECT, TRIGGER, INSERTS or NONE
 * @param reason why there is no view; empty when there is one
 * @param since when it came to be
 * @param users the last one first
 */
public record LegacyObject(
        String migration,
        TableName source,
        TableName view,
        String writes,
        String reason,
        Instant since,
        List<User> users) {
    private static final String OBJECTS = """
            select number, migration, source, view, writes, reason,
                   to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            from viridian_legacy.object order by migration, source
            """;

    private static final String USERS = """
            select number, role, application,
                   to_char(min(at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                   to_char(max(at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                   count(distinct date_trunc('hour', at))
            from viridian_legacy.use group by number, role, application order by max(at) desc
            """;

    public LegacyObject {
        users = List.copyOf(users);
    }

    /**
     * A role with an application name.
     *
     * @param hours in how many hours it used the table, at least once each
     */
    public record User(String role, String application, Instant first, Instant last, long hours) {}

    /** All there are on green, of every migration; none when there never was an old schema. */
    public static List<LegacyObject> read(Session green) {
        if (!LegacyControl.present(green)) {
            return List.of();
        }
        Map<Long, List<User>> users = new LinkedHashMap<>();
        green.list(
                USERS,
                row -> users.computeIfAbsent(row.number(1), _ -> new ArrayList<>())
                        .add(new User(
                                row.text(2), row.text(3), moment(row.text(4)), moment(row.text(5)), row.number(6))));
        return green.list(
                OBJECTS,
                row -> new LegacyObject(
                        row.text(2),
                        TableName.parse(row.text(3)),
                        TableName.parse(row.text(4)),
                        row.text(5),
                        row.text(6),
                        moment(row.text(7)),
                        users.getOrDefault(row.number(1), List.of())));
    }

    private static Instant moment(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }

    public boolean offered() {
        return reason.isEmpty();
    }

    /** Whether nobody has used it for that long, and it has been there for that long. */
    public boolean unused(Duration quiet, Instant now) {
        Instant last =
                users.stream().map(User::last).max(Comparator.naturalOrder()).orElse(since);
        return Optional.of(last).filter(at -> at.plus(quiet).isAfter(now)).isEmpty();
    }
}
