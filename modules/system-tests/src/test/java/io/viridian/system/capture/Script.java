package io.viridian.system.capture;

import io.viridian.feed.Change;
import io.viridian.feed.ChangeStream;
import io.viridian.feed.Tuple;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Changes as lines of text, so that a test reads like what it expects. */
final class Script {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Script() {}

    /** So many transactions that hold something; empty ones, which old servers send too, are left out. */
    static List<List<Change>> transactions(ChangeStream stream, int count) throws InterruptedException {
        List<List<Change>> all = new ArrayList<>();
        List<Change> one = new ArrayList<>();
        Deadline by = Deadline.after(Clock.system(), PATIENCE);
        while (all.size() < count) {
            Change change = stream.poll(Duration.ofMillis(100));
            if (change != null) {
                one.add(change);
            } else if (by.expired()) {
                throw new AssertionError("only %d of %d transactions came, and %s".formatted(all.size(), count, one));
            }
            if (change instanceof Change.Commit) {
                if (one.size() > 2) {
                    all.add(List.copyOf(one));
                }
                one.clear();
            }
        }
        return all;
    }

    /** What a transaction does, a line for each change; its beginning, its end and descriptions are left out. */
    static List<String> lines(List<Change> transaction) {
        return transaction.stream()
                .filter(change -> !(change instanceof Change.Begin
                        || change instanceof Change.Commit
                        || change instanceof Change.Described))
                .map(Script::line)
                .toList();
    }

    private static String line(Change change) {
        return switch (change) {
            case Change.Insert insert -> "insert " + name(insert.table()) + row(insert.row());
            case Change.Update update -> "update " + name(update.table()) + old(update.old()) + row(update.row());
            case Change.Delete delete -> "delete " + name(delete.table()) + row(delete.old());
            case Change.Truncate truncate ->
                "truncate "
                        + truncate.tables().stream().map(Script::name).sorted().collect(Collectors.joining(", "));
            case Change.Origin origin -> "origin " + origin.name();
            case Change.Message message ->
                (message.transactional() ? "message " : "loose message ") + message.prefix() + ": " + message.content();
            case Change.Begin _, Change.Commit _, Change.Described _ -> "";
        };
    }

    private static String name(Change.SourceTable table) {
        return table.name().name();
    }

    private static String old(@Nullable Tuple old) {
        return old == null ? "" : row(old) + " to";
    }

    private static String row(Tuple row) {
        return IntStream.range(0, row.size())
                .mapToObj(column -> row.unchanged(column) ? "unchanged" : String.valueOf(row.value(column)))
                .collect(Collectors.joining(", ", " (", ")"));
    }
}
