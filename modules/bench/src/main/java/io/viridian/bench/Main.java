package io.viridian.bench;

import io.viridian.testkit.server.ServerPair;
import io.viridian.time.Clock;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * Where {@code make bench} begins. With the argument {@code page} it only makes the page anew from the results; with
 * {@code load}, {@code drain}, {@code cold}, {@code lag}, {@code pause}, {@code verify} or {@code guard} it measures
 * that part alone and keeps nothing. With {@code scale} it measures how things grow, which the usual run does not, with
 * {@code scale tables}, {@code drains}, {@code large} or {@code rows} that part of it, and with {@code scale page} it
 * makes that page anew. With {@code pingpong} it switches to and fro behind a pooler; {@code pingpong page} makes that
 * page anew.
 */
public final class Main {
    private static final int VERSION = 18;

    /** Where green's schema comes from blue: a pg_dump of that version is on many a machine. */
    private static final int OLD_VERSION = 15;

    private static final String SCALE = "scale";
    private static final String PINGPONG = "pingpong";
    private static final String PAGE = "page";

    /**
     * Unlike tests, a benchmark pays for its disk. Checkpoints by volume would hit one measurement and spare another,
     * so each begins with one and none comes within.
     */
    private static final Map<String, String> SERVERS =
            Map.of("fsync", "on", "max_wal_size", "16GB", "checkpoint_timeout", "1h");

    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        // The program's own configuration talks to the terminal, which belongs to the table.
        System.setProperty("logback.configurationFile", "io/viridian/bench/logback.xml");
        int exit = 0;
        try {
            begin(List.of(arguments));
        } catch (BenchFailure failure) {
            System.err.println("bench: " + failure.getMessage());
            exit = 1;
        } catch (SQLException failure) {
            System.err.println("bench: a server refused: " + failure.getMessage());
            exit = 1;
        }
        System.exit(exit);
    }

    private static void begin(List<String> arguments) throws SQLException, InterruptedException {
        BenchSettings usual = BenchSettings.usual(System.getenv());
        if (arguments.contains(SCALE)) {
            scale(arguments.stream().filter(argument -> !argument.equals(SCALE)).toList());
            return;
        }
        if (arguments.contains(PINGPONG)) {
            pingPong(arguments.contains(PAGE));
            return;
        }
        Bench bench = new Bench(usual, System.out, Clock.system());
        if (arguments.contains(PAGE)) {
            bench.show();
        } else {
            measure(bench, arguments);
        }
    }

    private static void scale(List<String> arguments) throws SQLException, InterruptedException {
        ScaleRun scale = new ScaleRun(ScaleSettings.usual(System.getenv()), System.out, Clock.system());
        if (arguments.equals(List.of(PAGE))) {
            scale.show();
        } else {
            scale.run(ScalePart.of(arguments));
        }
    }

    private static void pingPong(boolean pageOnly) throws SQLException, InterruptedException {
        PingPongRun run = new PingPongRun(PingPongSettings.usual(System.getenv()), System.out, Clock.system());
        if (pageOnly) {
            run.show();
            return;
        }
        try (ServerPair servers = ServerPair.start(OLD_VERSION, VERSION, SERVERS)) {
            run.run(servers);
        }
    }

    private static void measure(Bench bench, List<String> parts) throws SQLException, InterruptedException {
        try (ServerPair servers = ServerPair.start(VERSION, VERSION, SERVERS)) {
            if (parts.isEmpty()) {
                bench.run(servers, SERVERS);
            } else {
                bench.runParts(servers, SERVERS, parts);
            }
        }
    }
}
