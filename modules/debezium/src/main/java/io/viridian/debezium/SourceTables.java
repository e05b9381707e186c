package io.viridian.debezium;

import io.viridian.feed.Change;
import io.viridian.plan.TableName;
import io.viridian.postgres.Database;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The tables of the records, as the catalog describes them now: a record has names only. One description for each
 * schema of the records, asked for when that is first seen. One thread.
 */
final class SourceTables {
    private static final String IDENTITY = "select relreplident::text from pg_class where oid = ?::regclass";

    /** With the columns of the replica identity marked (manual 14-18, section 53.11 and 53.26). */
    private static final String COLUMNS = """
            select a.attname, a.atttypid::bigint,
                   case c.relreplident
                       when 'f' then true
                       when 'd' then coalesce(a.attnum = any (p.indkey), false)
                       when 'i' then coalesce(a.attnum = any (r.indkey), false)
                       else false
                   end
            from pg_attribute a join pg_class c on c.oid = a.attrelid
            left join pg_index p on p.indrelid = c.oid and p.indisprimary
            left join pg_index r on r.indrelid = c.oid and r.indisreplident
            where a.attrelid = ?::regclass and a.attnum > 0 and not a.attisdropped
            """;

    private final Database database;
    private final Map<TableName, Known> known = new HashMap<>();

    private record Known(Schema schema, Change.SourceTable table) {}

    SourceTables(Database database) {
        this.database = database;
    }

    /** The description if this schema of the table's rows was seen before. */
    Change.@Nullable SourceTable find(TableName table, Schema rows) {
        Known one = known.get(table);
        return one != null && one.schema().equals(rows) ? one.table() : null;
    }

    /** Asks the catalog. */
    Change.SourceTable describe(TableName table, Schema rows) {
        Map<String, Change.SourceTableColumn> columns = new HashMap<>();
        char identity = database.query(session -> {
            session.list(
                            COLUMNS,
                            row -> new Change.SourceTableColumn(row.text(1), row.number(2), row.truth(3)),
                            table.sql())
                    .forEach(column -> columns.put(column.name(), column));
            return session.one(IDENTITY, row -> row.text(1), table.sql()).charAt(0);
        });
        List<Change.SourceTableColumn> ordered = rows.fields().stream()
                .map(Field::name)
                .map(name -> columns.getOrDefault(name, new Change.SourceTableColumn(name, 0, false)))
                .toList();
        Change.SourceTable described = new Change.SourceTable(table, identity, ordered);
        known.put(table, new Known(rows, described));
        return described;
    }
}
