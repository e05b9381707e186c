package io.viridian.demo;

import io.viridian.testkit.leak.ServerSnapshot;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What is on both servers before the migration, to find afterwards whatever it left behind. */
final class Leftovers {
    /** Sessions end a moment after they were closed. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    /**
     * The one thing that stays on purpose: clients who know both hosts would else find two that take writes, and some
     * of them would go on with a blue that nobody follows any more.
     */
    private static final String STAYS_CLOSED = "role setting default_transaction_read_only=on ";

    private final Stage stage;
    private final Clock clock;
    private final Waiter waiter = new Waiter();
    private final ServerSnapshot blue;
    private final ServerSnapshot green;

    private Leftovers(Stage stage, Clock clock, ServerSnapshot blue, ServerSnapshot green) {
        this.stage = stage;
        this.clock = clock;
        this.blue = blue;
        this.green = green;
    }

    static Leftovers before(Stage stage, Clock clock) throws SQLException {
        return new Leftovers(
                stage,
                clock,
                ServerSnapshot.of(stage.blueServer(), stage.database()),
                ServerSnapshot.of(stage.greenServer(), stage.database()));
    }

    /** One line for each thing of ours that is there now and was not before. */
    List<String> found() throws SQLException, InterruptedException {
        Deadline by = Deadline.after(clock, PATIENCE);
        List<String> found = look();
        while (!found.isEmpty() && !by.expired()) {
            waiter.await(LOOK_AGAIN);
            found = look();
        }
        return found;
    }

    private List<String> look() throws SQLException {
        List<String> lines = new ArrayList<>();
        ServerSnapshot.diff(blue, ServerSnapshot.of(stage.blueServer(), stage.database())).stream()
                .filter(line -> !line.startsWith(STAYS_CLOSED))
                .forEach(line -> lines.add("blue: " + line));
        ServerSnapshot.diff(green, ServerSnapshot.of(stage.greenServer(), stage.database())).stream()
                .filter(line -> !broughtByTheChangelog(line))
                .forEach(line -> lines.add("green: " + line));
        return lines;
    }

    /** The new shop has schemas and a table without a key; nothing else that a snapshot looks at. */
    private static boolean broughtByTheChangelog(String line) {
        return (line.startsWith("schema ") || line.startsWith("replica identity ")) && !line.contains("viridian");
    }
}
