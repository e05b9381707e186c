package io.viridian.cutover;

import io.viridian.feed.Marker;
import io.viridian.postgres.Database;
import io.viridian.postgres.slot.Slots;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What of ours lies in a database's log from now on, read through a slot of its own. */
final class MarkerLog implements AutoCloseable {
    private static final Pattern CONTENT = Pattern.compile("shop-v2\\|[A-Z]+\\|[^|]*\\|\\d+");

    private final Database database;
    private final String slot;

    private MarkerLog(Database database, String slot) {
        this.database = database;
        this.slot = slot;
    }

    static MarkerLog of(Database database) {
        String slot = "markers_" + database.endpoint().jdbcUrl().replaceFirst(".*/", "");
        database.run(session -> {
            session.execute("create publication markers for all tables");
            Slots.create(session, slot);
        });
        return new MarkerLog(database, slot);
    }

    /** The messages of the stream in its binary form, oldest first; one letter says what each one is. */
    List<String> messages() {
        return database.query(session -> session.list(
                """
                select encode(data, 'hex') from pg_logical_slot_peek_binary_changes(
                    ?, null, null, 'proto_version', '1', 'publication_names', 'markers', 'messages', 'true')
                """, row -> new String(HexFormat.of().parseHex(row.text(1)), StandardCharsets.UTF_8), slot));
    }

    List<Marker> markers() {
        return messages().stream()
                .filter(message -> message.startsWith("M") && message.contains(Marker.PREFIX))
                .flatMap(message -> marker(message).stream())
                .toList();
    }

    private static Optional<Marker> marker(String message) {
        Matcher content = CONTENT.matcher(message);
        return content.find() ? Marker.parse(content.group()) : Optional.empty();
    }

    /** Forgets what was there until now. */
    void forget() {
        database.run(session -> session.list("""
                select 1 from pg_logical_slot_get_binary_changes(
                    ?, null, null, 'proto_version', '1', 'publication_names', 'markers', 'messages', 'true')
                """, row -> true, slot));
    }

    @Override
    public void close() {
        try {
            Slots.drop(database, slot, Duration.ofSeconds(10));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
