package io.viridian.testkit.leak;

import io.viridian.testkit.Await;
import io.viridian.testkit.server.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Everything on a server, and in one of its databases, that a migration may leave behind. Taken before and after, the
 * difference says what it did leave. The sessions of snapshots are not part of it.
 */
public final class ServerSnapshot {

    private final Map<Trace, SortedSet<String>> traces;

    private ServerSnapshot(Map<Trace, SortedSet<String>> traces) {
        this.traces = traces;
    }

    public static ServerSnapshot of(PostgresServer server, String database) throws SQLException {
        return of(server, database, List.of(Trace.values()));
    }

    /** Only what all databases share: sessions, slots, locks, settings, and their like. */
    static ServerSnapshot ofServer(PostgresServer server) throws SQLException {
        return of(
                server,
                "postgres",
                Arrays.stream(Trace.values())
                        .filter(trace -> trace.scope() == Trace.Scope.SERVER)
                        .toList());
    }

    /** For a server that was started meanwhile: it comes with settings, and with nothing else. */
    static ServerSnapshot ofSettings(PostgresServer server) throws SQLException {
        return of(server, "postgres", List.of(Trace.SERVER_SETTING));
    }

    /**
     * What is there after and was not before, one readable line each. What has gone is no leftover, but see
     * {@link #missing}.
     */
    public static List<String> diff(ServerSnapshot before, ServerSnapshot after) {
        return difference(after, before);
    }

    /** What was there before and is not after: somebody cleaned up more than their own. */
    public static List<String> missing(ServerSnapshot before, ServerSnapshot after) {
        return difference(before, after);
    }

    /**
     * The difference to what is there now, once nothing more goes away by itself: sessions end a moment after they were
     * closed. Returns at once when nothing is left.
     */
    public static List<String> leftovers(
            ServerSnapshot before, PostgresServer server, String database, Duration patience)
            throws SQLException, InterruptedException {
        try {
            Await.until(
                    "nothing is left",
                    patience,
                    () -> diff(before, of(server, database)).isEmpty());
            return List.of();
        } catch (AssertionError _) {
            return diff(before, of(server, database));
        }
    }

    private static List<String> difference(ServerSnapshot more, ServerSnapshot less) {
        List<String> lines = new ArrayList<>();
        more.traces.forEach((trace, names) -> {
            SortedSet<String> left = new TreeSet<>(names);
            left.removeAll(less.traces.getOrDefault(trace, new TreeSet<>()));
            String kind = trace.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            left.forEach(name -> lines.add(kind + " " + name));
        });
        return lines;
    }

    private static ServerSnapshot of(PostgresServer server, String database, List<Trace> kinds) throws SQLException {
        Map<Trace, SortedSet<String>> traces = new EnumMap<>(Trace.class);
        try (Connection connection = server.connect(database);
                Statement name = connection.createStatement()) {
            name.execute("set application_name = '%s'".formatted(PostgresServer.OBSERVER));
            for (Trace kind : kinds) {
                traces.put(kind, names(connection, kind));
            }
        }
        return new ServerSnapshot(traces);
    }

    private static SortedSet<String> names(Connection connection, Trace kind) throws SQLException {
        SortedSet<String> names = new TreeSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(kind.query())) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }
}
