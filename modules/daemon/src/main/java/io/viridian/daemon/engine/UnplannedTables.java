package io.viridian.daemon.engine;

import io.viridian.fault.FaultException;
import io.viridian.plan.Plan;
import io.viridian.plan.Side;
import io.viridian.plan.TableName;
import io.viridian.plan.TablePattern;
import io.viridian.postgres.catalog.CatalogReader;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tables of blue that came after the plan, and that nobody has left out: their rows would be missing on green. Told
 * when they are seen first. One thread at a time.
 */
final class UnplannedTables {
    /** The rest is a number: whoever reads a gate has one line. */
    private static final int NAMED = 5;

    private final EngineParts parts;
    private final PlanBinder binder;
    private final Happenings happenings;
    private @Nullable Scope scope;
    private String told = "";

    /** What the running plan knows, and what was left out when it was bound. */
    private record Scope(Plan plan, Set<TableName> planned, List<TablePattern> ignored) {}

    UnplannedTables(EngineParts parts, PlanBinder binder, Happenings happenings) {
        this.parts = parts;
        this.binder = binder;
        this.happenings = happenings;
    }

    /** Asks blue which there are; also says so when that cannot be told. Empty when there is none. */
    synchronized Optional<String> look(Plan plan) {
        List<TableName> found;
        try {
            Scope known = scope(plan);
            found = parts.blue().query(CatalogReader::tableNames).stream()
                    .filter(table -> belongs(table, known))
                    .toList();
        } catch (FaultException unreadable) {
            return Optional.of(
                    "blue's tables cannot be read: " + unreadable.fault().sentence());
        }
        String words = found.isEmpty() ? "" : words(found);
        if (!words.isEmpty() && !words.equals(told)) {
            happenings.tell("schema.new-tables", words);
        }
        told = words;
        return Optional.of(words).filter(one -> !one.isEmpty());
    }

    private Scope scope(Plan plan) {
        Scope known = scope;
        if (known == null || !known.plan().equals(plan)) {
            known = new Scope(plan, Set.copyOf(plan.tablesOn(Side.BLUE)), binder.ignored());
            scope = known;
        }
        return known;
    }

    private boolean belongs(TableName table, Scope known) {
        return matches(parts.settings().tables().include(), table)
                && !matches(parts.settings().tables().exclude(), table)
                && !matches(known.ignored(), table)
                && !known.planned().contains(table);
    }

    private static boolean matches(List<TablePattern> patterns, TableName table) {
        return patterns.stream().anyMatch(pattern -> pattern.matches(table));
    }

    private static String words(List<TableName> found) {
        String names = found.stream().limit(NAMED).map(TableName::toString).collect(Collectors.joining(", "));
        String more = found.size() > NAMED ? " and " + (found.size() - NAMED) + " more" : "";
        return names + more + " came to blue after the plan was made, and will not be on green";
    }
}
