package io.viridian.demo;

import io.viridian.testkit.leak.ServerSnapshot;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What is on both servers before the migration, to find afterwards whatever it left behind. */
final class Leftovers {
    /** Sessions end a moment after they were closed. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Stage stage;
    private final ServerSnapshot blue;
    private final ServerSnapshot green;

    private Leftovers(Stage stage, ServerSnapshot blue, ServerSnapshot green) {
        this.stage = stage;
        this.blue = blue;
        this.green = green;
    }

    static Leftovers before(Stage stage) throws SQLException {
        return new Leftovers(
                stage,
                ServerSnapshot.of(stage.blueServer(), stage.database()),
                ServerSnapshot.of(stage.greenServer(), stage.database()));
    }

    /** One line for each thing of ours that is there now and was not before. */
    List<String> found() throws SQLException, InterruptedException {
        List<String> lines = new ArrayList<>();
        ServerSnapshot.leftovers(blue, stage.blueServer(), stage.database(), PATIENCE)
                .forEach(line -> lines.add("blue: " + line));
        ServerSnapshot.leftovers(green, stage.greenServer(), stage.database(), Duration.ZERO).stream()
                .filter(line -> !broughtByTheChangelog(line))
                .forEach(line -> lines.add("green: " + line));
        return lines;
    }

    /** The new shop has schemas and a table without a key; nothing else that a snapshot looks at. */
    private static boolean broughtByTheChangelog(String line) {
        return (line.startsWith("schema ") || line.startsWith("replica identity ")) && !line.contains("viridian");
    }
}
