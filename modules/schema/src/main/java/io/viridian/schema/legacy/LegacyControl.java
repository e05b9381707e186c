package io.viridian.schema.legacy;

import io.viridian.plan.Sql;
import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import java.util.List;

/**
 * What stays on green beside the views when the migration has gone: which of blue's tables are offered, and who used
 * them when. Schema {@code viridian_legacy}.
 */
final class LegacyControl {
    static final String SCHEMA = "viridian_legacy";

    /** Before a trigger changes rows of other views on its own: so that the same command may find them changed. */
    static final String TOUCHES = "perform set_config('viridian_legacy.touched', statement_timestamp()::text, true);\n";

    /** Whether a row that is other than the application saw it was changed by somebody else. */
    static final String UNTOUCHED =
            "(tg_op <> 'DELETE' or current_setting('viridian_legacy.touched', true) is distinct from statement_timestamp()::text)";

    /**
     * The note of a use is taken once an hour for each session, role and application; in between it costs one look at
     * a setting. In a transaction that may not write it goes to the server's log. An application that puts a number of
     * its own into its name would make the notes grow without end, so from the hundredth of an object on the others are
     * one.
     */
    private static final List<String> DEFINITION = List.of(
            "create schema if not exists viridian_legacy",
            """
            create table if not exists viridian_legacy.object (
                number int generated always as identity primary key,
                migration text not null,
                source text not null,
                view text not null,
                writes text not null,
                reason text not null,
                created_at timestamptz not null default clock_timestamp(),
                unique (migration, source)
            )
            """,
            """
            create table if not exists viridian_legacy.use (
                number int not null,
                role name not null,
                application text not null,
                at timestamptz not null
            )
            """,
            """
            create table if not exists viridian_legacy.turn (
                migration text primary key,
                taken bigint not null
            )
            """,
            "create index if not exists use_of_object on viridian_legacy.use (number, role, application, at)",
            """
            create or replace function viridian_legacy.used(object int) returns boolean language plpgsql volatile
                security definer set search_path = pg_catalog, pg_temp as $viridian$
            declare
                mark text := 'viridian_legacy.o' || object;
                program text := coalesce(current_setting('application_name'), '');
                hour timestamptz := date_trunc('hour', clock_timestamp());
                value text := hour || '/' || session_user || '/' || program;
            begin
                if current_setting(mark, true) = value then
                    return true;
                end if;
                if pg_is_in_recovery() or current_setting('transaction_read_only') = 'on' then
                    perform set_config(mark, value, false);
                    raise log 'viridian: legacy object % is read by % (%)', object, session_user, program;
                    return true;
                end if;
                perform set_config(mark, value, false);
                if not exists (select from viridian_legacy.use u
                               where u.number = object and u.role = session_user and u.application = program)
                    and (select count(*) from (select distinct u.role, u.application from viridian_legacy.use u
                                               where u.number = object) as known) >= 100 then
                    program := '(others)';
                end if;
                insert into viridian_legacy.use (number, role, application, at)
                select object, session_user, program, clock_timestamp()
                where not exists (
                    select from viridian_legacy.use u
                    where u.number = object and u.role = session_user and u.application = program
                        and u.at >= hour);
                return true;
            end $viridian$
            """);

    private LegacyControl() {}

    static void create(Session green) {
        DEFINITION.forEach(green::execute);
    }

    static boolean present(Session green) {
        return green.one("select to_regclass('viridian_legacy.object') is not null", row -> row.truth(1));
    }

    /** SQL that is always true and notes the use of an object. */
    static String used(long number) {
        return "viridian_legacy.used(" + number + ")";
    }

    /** The schemas that a migration made, by the views in them. */
    static List<String> schemas(Session green, String migration) {
        return green
                .list(
                        "select distinct view from viridian_legacy.object where migration = ? order by view",
                        row -> TableName.parse(row.text(1)).schema(),
                        migration)
                .stream()
                .distinct()
                .toList();
    }

    static long add(Session green, String migration, TableName source, TableName view) {
        return green.one("""
                insert into viridian_legacy.object (migration, source, view, writes, reason) values (?, ?, ?, 'NONE', '')
                returning number
                """, row -> row.number(1), migration, source.sql(), view.sql());
    }

    /**
     * A statement after which nobody else writes derived rows through the old schema until the transaction ends; a
     * transaction that sees an older state than the last one left fails as a serialization failure.
     */
    static String turn(String migration) {
        return "update viridian_legacy.turn set taken = taken + 1 where migration = " + Sql.literal(migration);
    }

    static void prepareTurns(Session green, String migration) {
        green.update(
                "insert into viridian_legacy.turn (migration, taken) values (?, 0) on conflict do nothing", migration);
    }

    /** @param reason why it is not offered; empty when it is */
    static void settle(Session green, long number, String writes, String reason) {
        green.update(
                "update viridian_legacy.object set writes = ?, reason = ? where number = ?", writes, reason, number);
    }

    static void forget(Session green, String migration) {
        green.update(
                "delete from viridian_legacy.use u using viridian_legacy.object o"
                        + " where o.number = u.number and o.migration = ?",
                migration);
        green.update("delete from viridian_legacy.turn where migration = ?", migration);
        green.update("delete from viridian_legacy.object where migration = ?", migration);
        if (green.one("select not exists (select from viridian_legacy.object)", row -> row.truth(1))) {
            green.execute("drop schema " + Sql.identifier(SCHEMA) + " cascade");
        }
    }
}
