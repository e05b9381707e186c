package io.viridian.schema.green;

import io.viridian.plan.TableName;
import io.viridian.postgres.Row;
import io.viridian.postgres.Session;
import java.util.List;

/** What was taken off and what of it is back: table {@code viridian.deferred} on green, one row per step. */
final class DeferredLedger {
    private static final String INSERT = """
            insert into viridian.deferred (migration, number, table_name, kind, name, drop_sql, create_sql, state)
            values (?, ?, ?, ?, ?, ?, ?, 'DROPPED')
            """;

    private static final String PENDING = """
            select number, table_name, kind, name, drop_sql, create_sql from viridian.deferred
            where migration = ? and state = 'DROPPED' order by number
            """;

    static final String PENDING_OF_TABLE = """
            select number, table_name, kind, name, drop_sql, create_sql from viridian.deferred
            where migration = ? and state = 'DROPPED' and table_name = ? order by number
            """;

    private static final String COUNT = "select count(*) from viridian.deferred where migration = ?";

    private static final String LOCK =
            "select state = 'DROPPED' from viridian.deferred where migration = ? and number = ? for update";

    private static final String BUILT =
            "update viridian.deferred set state = 'BUILT' where migration = ? and number = ?";

    private final String migration;

    DeferredLedger(String migration) {
        this.migration = migration;
    }

    /** A row that is still to be built. */
    record Entry(int number, DeferredObject object) {}

    void write(Session session, List<DeferredObject> objects) {
        for (int index = 0; index < objects.size(); index++) {
            DeferredObject object = objects.get(index);
            session.update(
                    INSERT,
                    migration,
                    index + 1,
                    object.table().sql(),
                    object.kind().name(),
                    object.name(),
                    object.dropSql(),
                    object.createSql());
        }
    }

    List<Entry> pending(Session session) {
        return session.list(PENDING, DeferredLedger::entry, migration);
    }

    List<Entry> pending(Session session, TableName table) {
        return session.list(PENDING_OF_TABLE, DeferredLedger::entry, migration, table.sql());
    }

    int size(Session session) {
        return Math.toIntExact(session.<Long>one(COUNT, row -> row.number(1), migration));
    }

    /** Takes the row for this transaction, waiting for whoever has it; says whether there is anything left to do. */
    boolean lock(Session session, Entry entry) {
        return session.one(LOCK, row -> row.truth(1), migration, entry.number());
    }

    void built(Session session, Entry entry) {
        session.update(BUILT, migration, entry.number());
    }

    private static Entry entry(Row row) {
        return new Entry(
                (int) row.number(1),
                new DeferredObject(
                        DeferredObject.Kind.valueOf(row.text(3)),
                        TableName.parse(row.text(2)),
                        row.text(4),
                        row.text(5),
                        row.text(6)));
    }
}
