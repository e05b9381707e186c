package io.viridian.schema.green;

import io.viridian.plan.Sql;
import io.viridian.plan.TableName;
import io.viridian.postgres.Row;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads indexes and constraints out of the catalog as the statements that drop and create them (manual 14-18, sections
 * 9.26.6 and chapter 53). Definitions are printed for the search path all our sessions have, so they read the same when
 * they are carried out.
 */
final class DeferredCatalog {
    /** Partitions are left out: their indexes belong to those of their root. */
    private static final String INDEXES = """
            select ic.relname, pg_get_indexdef(i.indexrelid),
                   coalesce(ts.spcname, ''), i.indisreplident, i.indisclustered,
                   coalesce(obj_description(i.indexrelid, 'pg_class'), ''),
                   i.indisunique and i.indimmediate and i.indpred is null and i.indexprs is null,
                   array(select a.attname::text from unnest(i.indkey::int2[]) with ordinality k(attnum, position)
                         join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
                         where k.position <= i.indnkeyatts order by a.attname collate "C"),
                   i.indisprimary,
                   con.conname, con.contype::text, pg_get_constraintdef(con.oid),
                   coalesce(obj_description(con.oid, 'pg_constraint'), ''),
                   i.indisunique and not i.indisexclusion and am.amname = 'btree',
                   con.condeferrable, con.condeferred,
                   array(select a.attnum || ' ' || a.attstattarget from pg_attribute a
                         where a.attrelid = i.indexrelid and a.attstattarget >= 0 order by a.attnum)
            from pg_index i
            join pg_class ic on ic.oid = i.indexrelid
            join pg_am am on am.oid = ic.relam
            join pg_class c on c.oid = i.indrelid
            left join pg_tablespace ts on ts.oid = ic.reltablespace
            left join pg_constraint con on con.conindid = i.indexrelid and con.conrelid = i.indrelid
                                       and con.contype in ('p', 'u', 'x')
            where i.indrelid = ?::regclass and i.indisvalid and c.relkind = 'r' and not c.relispartition
            order by i.indisprimary desc, i.indexrelid
            """;

    /** Those that point at a table count too: while they stand it can be neither truncated nor stripped of its key. */
    private static final String FOREIGN_KEYS = """
            select n.nspname, c.relname, con.conname, pg_get_constraintdef(con.oid), con.convalidated,
                   c.relkind = 'p' and current_setting('server_version_num')::int < 180000,
                   coalesce(obj_description(con.oid, 'pg_constraint'), '')
            from pg_constraint con
            join pg_class c on c.oid = con.conrelid join pg_namespace n on n.oid = c.relnamespace
            where con.contype = 'f' and con.conparentid = 0
              and (con.conrelid = any (?::regclass[]) or con.confrelid = any (?::regclass[]))
            order by n.nspname, c.relname, con.conname
            """;

    private DeferredCatalog() {}

    /**
     * What hangs on the index of a table.
     *
     * @param names whether rows can be named by it, as far as its form goes
     * @param columns in alphabetical order
     * @param parts in the order in which they are built; the first one with a drop statement takes all of them off
     */
    record Index(String name, boolean names, boolean primary, List<String> columns, List<DeferredObject> parts) {}

    static List<Index> indexes(Session session, TableName table) {
        return session.list(INDEXES, row -> index(row, table), table.sql());
    }

    /** Foreign keys of the tables and onto them, each with its validation and comment. */
    static List<DeferredObject> foreignKeys(Session session, List<TableName> tables) {
        String[] names = tables.stream().map(TableName::sql).toArray(String[]::new);
        return session.list(FOREIGN_KEYS, DeferredCatalog::foreignKey, names, names).stream()
                .flatMap(List::stream)
                .toList();
    }

    private static Index index(Row row, TableName table) {
        String name = row.text(1);
        Optional<String> constraint = row.optionalText(10);
        List<DeferredObject> parts = new ArrayList<>();
        String create = inTablespace(row.text(3), row.text(2));
        if (constraint.isEmpty()) {
            String drop = "drop index " + new TableName(table.schema(), name).sql();
            parts.add(new DeferredObject(DeferredObject.Kind.INDEX, table, name, drop, create));
        } else if (row.truth(14)) {
            parts.add(new DeferredObject(DeferredObject.Kind.INDEX, table, name, "", create));
            parts.add(
                    constraint(table, constraint.get(), addConstraint(table, constraint.get()) + overIndex(row, name)));
        } else {
            String add = addConstraint(table, constraint.get()) + row.text(12);
            parts.add(constraint(table, constraint.get(), inTablespace(row.text(3), add)));
        }
        marks(row, table, name).forEach(statement -> parts.add(mark(table, name, statement)));
        return new Index(name, row.truth(7), row.truth(9), row.texts(8), parts);
    }

    private static DeferredObject constraint(TableName table, String name, String create) {
        String drop = alter(table) + "drop constraint " + Sql.identifier(name);
        return new DeferredObject(DeferredObject.Kind.CONSTRAINT, table, name, drop, create);
    }

    /** A constraint that takes over an index needs the exclusive lock for a moment instead of for the whole build. */
    private static String overIndex(Row row, String index) {
        String kind = row.text(11).equals("p") ? "primary key" : "unique";
        String deferrable = row.truth(15) ? " deferrable" : "";
        String deferred = row.truth(16) ? " initially deferred" : "";
        return kind + " using index " + Sql.identifier(index) + deferrable + deferred;
    }

    private static List<String> marks(Row row, TableName table, String index) {
        String quoted = new TableName(table.schema(), index).sql();
        List<String> statements = new ArrayList<>();
        if (row.truth(4)) {
            statements.add(alter(table) + "replica identity using index " + Sql.identifier(index));
        }
        if (row.truth(5)) {
            statements.add(alter(table) + "cluster on " + Sql.identifier(index));
        }
        if (!row.text(6).isEmpty()) {
            statements.add("comment on index " + quoted + " is " + Sql.literal(row.text(6)));
        }
        row.optionalText(13)
                .filter(comment -> !comment.isEmpty())
                .ifPresent(comment -> statements.add(commentOn(row.text(10), table, comment)));
        for (String target : row.texts(17)) {
            String[] numbers = target.split(" ");
            statements.add("alter index " + quoted + " alter column " + numbers[0] + " set statistics " + numbers[1]);
        }
        return statements;
    }

    private static List<DeferredObject> foreignKey(Row row) {
        TableName table = new TableName(row.text(1), row.text(2));
        String name = row.text(3);
        boolean validatedLater = row.truth(5) && !row.truth(6);
        List<DeferredObject> parts = new ArrayList<>();
        parts.add(new DeferredObject(
                DeferredObject.Kind.FOREIGN_KEY,
                table,
                name,
                alter(table) + "drop constraint " + Sql.identifier(name),
                addConstraint(table, name) + row.text(4) + (validatedLater ? " not valid" : "")));
        if (validatedLater) {
            parts.add(new DeferredObject(
                    DeferredObject.Kind.VALIDATION,
                    table,
                    name,
                    "",
                    alter(table) + "validate constraint " + Sql.identifier(name)));
        }
        if (!row.text(7).isEmpty()) {
            parts.add(mark(table, name, commentOn(name, table, row.text(7))));
        }
        return parts;
    }

    private static DeferredObject mark(TableName table, String name, String statement) {
        return new DeferredObject(DeferredObject.Kind.MARK, table, name, "", statement);
    }

    private static String commentOn(String constraint, TableName table, String comment) {
        return "comment on constraint " + Sql.identifier(constraint) + " on " + table.sql() + " is "
                + Sql.literal(comment);
    }

    private static String alter(TableName table) {
        return "alter table " + table.sql() + " ";
    }

    private static String addConstraint(TableName table, String name) {
        return alter(table) + "add constraint " + Sql.identifier(name) + " ";
    }

    /** The printed definition of an index leaves its tablespace out. */
    private static String inTablespace(String tablespace, String definition) {
        return tablespace.isEmpty()
                ? definition
                : "set local default_tablespace = " + Sql.literal(tablespace) + "; " + definition;
    }
}
