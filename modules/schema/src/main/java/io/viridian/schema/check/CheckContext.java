package io.viridian.schema.check;

import io.viridian.feed.CaptureLimits;
import io.viridian.plan.Catalog;
import io.viridian.plan.Direction;
import io.viridian.plan.Plan;
import io.viridian.plan.Planned;
import io.viridian.plan.Side;
import io.viridian.plan.TableName;
import io.viridian.plan.TableShape;
import io.viridian.postgres.Database;
import io.viridian.postgres.catalog.CatalogReader;
import io.viridian.schema.green.SchemaOrigin;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the checks know. Used by one thread. */
public final class CheckContext {
    private final Database blue;
    private final Database green;
    private final Planned planned;
    private final Intent intent;
    private final List<Path> programs;
    private @Nullable Catalog blueCatalog;
    private @Nullable Catalog greenCatalog;

    /**
     * The world before a migration.
     *
     * @param intent how the migration is to be made
     * @param programs directories in which {@code pg_dump} is looked for
     */
    public CheckContext(Database blue, Database green, Planned planned, Intent intent, List<Path> programs) {
        this.blue = blue;
        this.green = green;
        this.planned = planned;
        this.intent = intent;
        this.programs = List.copyOf(programs);
    }

    Database on(Side side) {
        return side == Side.BLUE ? blue : green;
    }

    Planned planned() {
        return planned;
    }

    Plan plan() {
        return planned.plan();
    }

    /** Whether the planner found something about the table that has to be mended before servers can be asked of it. */
    boolean refused(TableName table) {
        return planned.findings().stream()
                .anyMatch(finding -> finding.refuses() && finding.object().equals(table.toString()));
    }

    SchemaOrigin schema() {
        return intent.schema();
    }

    boolean reverse() {
        return intent.reverse();
    }

    boolean begun() {
        return intent.begun();
    }

    boolean sessionsClosed() {
        return intent.sessionsClosed();
    }

    CaptureLimits capture() {
        return intent.capture();
    }

    List<Path> programs() {
        return programs;
    }

    /** The directions in which rows will travel. */
    List<Direction> directions() {
        return intent.reverse() ? List.of(Direction.FORWARD, Direction.REVERSE) : List.of(Direction.FORWARD);
    }

    /** The sides whose changes are streamed. */
    List<Side> sources() {
        return directions().stream().map(Direction::source).toList();
    }

    /** The sides we write rows to. */
    List<Side> targets() {
        return directions().stream().map(Direction::target).toList();
    }

    /** The migration's tables on one side, as names that SQL understands; on green some may not exist yet. */
    String[] tables(Side side) {
        return names(plan().tablesOn(side));
    }

    static String[] names(Collection<TableName> tables) {
        return tables.stream().map(TableName::sql).toArray(String[]::new);
    }

    /** A table as it is now; empty when it does not exist (yet). */
    Optional<TableShape> shape(Side side, TableName table) {
        return catalog(side).table(table);
    }

    private Catalog catalog(Side side) {
        Catalog known = side == Side.BLUE ? blueCatalog : greenCatalog;
        if (known != null) {
            return known;
        }
        Catalog read = on(side).query(CatalogReader::read);
        if (side == Side.BLUE) {
            blueCatalog = read;
        } else {
            greenCatalog = read;
        }
        return read;
    }
}
