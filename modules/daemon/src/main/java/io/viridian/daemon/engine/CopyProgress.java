package io.viridian.daemon.engine;

import io.viridian.control.MigrationView;
import io.viridian.control.TableView;
import io.viridian.plan.Direction;
import io.viridian.plan.Plan;
import io.viridian.plan.Route;
import io.viridian.plan.TableName;
import io.viridian.proof.Verification;
import io.viridian.replication.backfill.Backfill;
import io.viridian.replication.backfill.PostgresChunkLedger;
import io.viridian.replication.backfill.TableProgress;
import io.viridian.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How far the load is: of the backfill that runs or ran in this process, and before one has begun of what an earlier
 * daemon had copied. Written by the conductor's thread; read by any, from memory.
 */
final class CopyProgress {
    private final Clock clock;
    private volatile Earlier earlier = new Earlier(Map.of(), List.of());
    private volatile @Nullable Running running;

    /** What the ledger said when the plan was bound. */
    private record Earlier(Map<TableName, List<TableName>> targets, List<PostgresChunkLedger.Summary> tables) {}

    private record Running(Backfill load, Instant began) {}

    CopyProgress(Clock clock) {
        this.clock = clock;
    }

    /** What an earlier daemon left in the ledger. */
    void restore(Plan plan, List<PostgresChunkLedger.Summary> tables) {
        Map<TableName, List<TableName>> targets = new HashMap<>();
        plan.sources(Direction.FORWARD)
                .forEach(source -> targets.put(
                        source.name(),
                        source.routes().stream().map(Route::target).toList()));
        earlier = new Earlier(targets, List.copyOf(tables));
    }

    void begins(Backfill load) {
        running = new Running(load, clock.now());
    }

    /** Whether every row has been copied. */
    boolean complete() {
        MigrationView.BackfillView view = view();
        return view.tables() > 0 && view.tablesDone() == view.tables();
    }

    List<TableView> tables(Optional<Verification> verified) {
        Standings standings = Standings.of(verified);
        Running now = running;
        return now == null
                ? earlier.tables().stream()
                        .map(table -> copiedEarlier(table, standings))
                        .toList()
                : now.load().progress().stream()
                        .map(table -> copying(table, standings))
                        .toList();
    }

    private TableView copiedEarlier(PostgresChunkLedger.Summary table, Standings standings) {
        return new TableView(
                table.source().toString(),
                names(earlier.targets().getOrDefault(table.source(), List.of())),
                table.open() == 0 ? "copied" : "copying",
                table.rows(),
                table.rows(),
                table.bytes(),
                table.bytes(),
                table.merged(),
                standings.of(table.source()));
    }

    private static TableView copying(TableProgress table, Standings standings) {
        return new TableView(
                table.source().toString(),
                names(table.targets()),
                table.state(),
                table.rows(),
                table.estimatedRows(),
                table.bytes(),
                table.totalBytes(),
                table.chunks(),
                standings.of(table.source()));
    }

    private static String names(List<TableName> tables) {
        return tables.stream().map(TableName::toString).collect(Collectors.joining(", "));
    }

    /** Whether each table was equal when it was last compared; of a table with several targets, whether all were. */
    private record Standings(Map<TableName, Boolean> equal) {
        static Standings of(Optional<Verification> verified) {
            Map<TableName, Boolean> equal = new HashMap<>();
            verified.map(Verification::tables).orElse(List.of()).forEach(table -> {
                Set<TableName> compared = new HashSet<>(table.sources());
                compared.add(table.target());
                compared.forEach(name -> equal.merge(name, table.equal(), Boolean::logicalAnd));
            });
            return new Standings(equal);
        }

        /** The contract's word. */
        String of(TableName source) {
            return Optional.ofNullable(equal.get(source))
                    .map(same -> same ? "clean" : "mismatch")
                    .orElse("never");
        }
    }

    MigrationView.BackfillView view() {
        Running now = running;
        return now == null ? view(earlier.tables()) : view(now);
    }

    private static MigrationView.BackfillView view(List<PostgresChunkLedger.Summary> tables) {
        long rows = 0;
        long bytes = 0;
        int done = 0;
        for (PostgresChunkLedger.Summary table : tables) {
            rows += table.rows();
            bytes += table.bytes();
            done += table.open() == 0 ? 1 : 0;
        }
        return new MigrationView.BackfillView(rows, bytes, bytes, done, tables.size(), Optional.empty());
    }

    private MigrationView.BackfillView view(Running now) {
        long rows = 0;
        long bytes = 0;
        long total = 0;
        int done = 0;
        List<TableProgress> tables = now.load().progress();
        for (TableProgress table : tables) {
            boolean copied = table.state().equals("copied");
            rows += table.rows();
            bytes += table.bytes();
            total += copied ? table.bytes() : table.totalBytes();
            done += copied ? 1 : 0;
        }
        return new MigrationView.BackfillView(rows, bytes, total, done, tables.size(), eta(now.began(), bytes, total));
    }

    private Optional<Duration> eta(Instant began, long bytes, long total) {
        if (bytes == 0 || bytes >= total) {
            return Optional.empty();
        }
        double millis = Duration.between(began, clock.now()).toMillis();
        return Optional.of(Duration.ofMillis((long) (millis * (total - bytes) / bytes)));
    }
}
