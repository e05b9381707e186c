package io.viridian.daemon.engine;

import io.viridian.daemon.config.ConfigurationException;
import io.viridian.daemon.config.ConfigurationLoader;
import io.viridian.daemon.config.ConfigurationSources;
import io.viridian.daemon.config.Settings;
import io.viridian.fault.Failpoints;
import io.viridian.fault.FaultException;
import io.viridian.plan.Catalog;
import io.viridian.plan.ColumnShape;
import io.viridian.plan.TableShape;
import io.viridian.postgres.catalog.CatalogReader;
import io.viridian.time.Clock;
import java.util.List;
import java.util.Optional;

/** Drafts a mapping from both catalogs by names and types, and marks what it could not decide. Changes nothing. */
public final class MappingDraft {
    private static final String HEAD = """
            # Drafted from both catalogs. Lines with ??? need a decision; `viridian check` refuses until they have one.
            # Every blue table is mapped under targets:, copied as it is under as-is:, or left behind under ignore:.
            """;

    private MappingDraft() {}

    /** The draft, or its head alone when the configuration or the servers are not there yet. */
    public static String of(ConfigurationSources sources) {
        try {
            Settings settings = ConfigurationLoader.load(sources).settings();
            EngineParts parts = ViridianDaemon.parts(settings, Failpoints.NONE, Clock.system());
            try {
                return draft(
                        parts.blue().query(CatalogReader::read), parts.green().query(CatalogReader::read));
            } finally {
                parts.close();
            }
        } catch (ConfigurationException | FaultException notThere) {
            return HEAD + "# Not drafted from the servers: "
                    + String.valueOf(notThere.getMessage()).lines().findFirst().orElse("") + "\nas-is: [\"*\"]\n";
        }
    }

    static String draft(Catalog blue, Catalog green) {
        StringBuilder text = new StringBuilder(HEAD);
        StringBuilder asIs = new StringBuilder();
        StringBuilder targets = new StringBuilder();
        for (TableShape table : blue.tables()) {
            Optional<TableShape> same = green.table(table.name());
            if (green.tables().isEmpty()
                    || same.filter(found -> covers(found, table)).isPresent()) {
                asIs.append("  - ").append(table.name()).append('\n');
            } else {
                rule(targets, table, same.or(() -> byName(green, table)));
            }
        }
        if (!targets.isEmpty()) {
            text.append("targets:\n").append(targets);
        }
        if (!asIs.isEmpty()) {
            text.append("as-is:\n").append(asIs);
        }
        return text.toString();
    }

    private static boolean covers(TableShape green, TableShape blue) {
        return blue.columns().stream()
                .filter(column -> !column.generated())
                .allMatch(column -> green.column(column.name())
                        .filter(found -> found.type().equals(column.type()) && !found.generated())
                        .isPresent());
    }

    private static Optional<TableShape> byName(Catalog green, TableShape table) {
        return green.tables().stream()
                .filter(candidate -> candidate.name().name().equals(table.name().name()))
                .findFirst();
    }

    private static void rule(StringBuilder text, TableShape table, Optional<TableShape> target) {
        if (target.isEmpty()) {
            text.append("  # ??? no table on green looks like ")
                    .append(table.name())
                    .append("; name its target\n");
        }
        text.append("  ")
                .append(target.map(TableShape::name).orElse(table.name()))
                .append(":\n");
        text.append("    rules:\n      - from: ").append(table.name()).append(" s\n        columns:\n");
        List<ColumnShape> columns = target.map(TableShape::columns).orElse(table.columns());
        for (ColumnShape column : columns) {
            if (column.generated()) {
                continue;
            }
            Optional<ColumnShape> source = table.column(column.name());
            text.append("          ").append(column.name()).append(": ");
            if (source.isEmpty()) {
                text.append("\"null\"  # ??? ").append(column.declared()).append(", nothing on blue has this name\n");
            } else if (source.get().type().equals(column.type())) {
                text.append("s.").append(column.name()).append('\n');
            } else {
                text.append("s.")
                        .append(column.name())
                        .append("::")
                        .append(column.declared())
                        .append("  # ??? was ")
                        .append(source.get().declared())
                        .append('\n');
            }
        }
    }
}
