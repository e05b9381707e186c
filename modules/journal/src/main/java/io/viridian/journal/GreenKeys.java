package io.viridian.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viridian.plan.Catalog;
import io.viridian.plan.RowIdentity;
import io.viridian.plan.TableName;
import io.viridian.plan.TableShape;
import io.viridian.postgres.Database;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of green's tables as they were when the migration began. While rows are loaded some of them are taken off,
 * and a daemon that starts then must still plan with them. Any thread.
 */
public final class GreenKeys {
    private static final String SAVE =
            "insert into viridian.green_keys (migration, keys) values (?, ?::jsonb) on conflict do nothing";

    private static final String FIND = "select keys::text from viridian.green_keys where migration = ?";

    private final Database journal;
    private final String migration;

    public GreenKeys(Database journal, String migration) {
        this.journal = journal;
        this.migration = migration;
    }

    private record Keys(List<String> primary, List<List<String>> unique, RowIdentity identity) {}

    /** Keeps the keys of a catalog, unless some are kept already. */
    public void keep(Catalog green) {
        ObjectNode all = Json.object();
        for (TableShape table : green.tables()) {
            ObjectNode one = all.putObject(table.name().sql());
            names(one.putArray("primary"), table.primaryKey());
            ArrayNode unique = one.putArray("unique");
            table.uniqueKeys().forEach(key -> names(unique.addArray(), key));
            identity(one, table.identity());
        }
        journal.run(session -> session.update(SAVE, migration, all.toString()));
    }

    /** The catalog with the kept keys in place of those it has now. */
    public Catalog over(Catalog green) {
        Map<TableName, Keys> kept = read();
        List<TableShape> tables = green.tables().stream()
                .map(table -> Optional.ofNullable(kept.get(table.name()))
                        .map(keys -> with(table, keys))
                        .orElse(table))
                .toList();
        return new Catalog(tables, green.sequences());
    }

    private Map<TableName, Keys> read() {
        boolean present = journal.query(
                session -> session.one("select to_regclass('viridian.green_keys') is not null", row -> row.truth(1)));
        Map<TableName, Keys> kept = new HashMap<>();
        if (present) {
            journal.query(session -> session.first(FIND, row -> row.text(1), migration))
                    .ifPresent(text -> Json.parse(text)
                            .properties()
                            .forEach(field -> kept.put(TableName.parse(field.getKey()), keys(field.getValue()))));
        }
        return kept;
    }

    private static TableShape with(TableShape table, Keys keys) {
        return new TableShape(
                table.name(),
                table.oid(),
                table.columns(),
                keys.primary(),
                keys.identity(),
                keys.unique(),
                table.partitions(),
                table.partitioned(),
                table.bytes(),
                table.estimatedRows());
    }

    private static void identity(ObjectNode node, RowIdentity identity) {
        switch (identity) {
            case RowIdentity.Key key -> named(node, "key", key.columns());
            case RowIdentity.FullWithKey key -> named(node, "full_with_key", key.columns());
            case RowIdentity.FullWithoutKey _ -> named(node, "full_without_key", List.of());
            case RowIdentity.Absent _ -> named(node, "absent", List.of());
        }
    }

    private static void named(ObjectNode node, String kind, List<String> columns) {
        node.put("identity", kind);
        names(node.putArray("identity_columns"), columns);
    }

    private static Keys keys(JsonNode node) {
        List<List<String>> unique = new ArrayList<>();
        Json.field(node, "unique").forEach(key -> unique.add(names(key)));
        List<String> columns = names(Json.field(node, "identity_columns"));
        RowIdentity identity = switch (Json.text(node, "identity")) {
            case "key" -> new RowIdentity.Key(columns);
            case "full_with_key" -> new RowIdentity.FullWithKey(columns);
            case "full_without_key" -> new RowIdentity.FullWithoutKey();
            default -> new RowIdentity.Absent();
        };
        return new Keys(names(Json.field(node, "primary")), unique, identity);
    }

    private static void names(ArrayNode array, List<String> names) {
        names.forEach(array::add);
    }

    private static List<String> names(JsonNode array) {
        List<String> names = new ArrayList<>();
        array.forEach(name -> names.add(name.asText()));
        return names;
    }
}
