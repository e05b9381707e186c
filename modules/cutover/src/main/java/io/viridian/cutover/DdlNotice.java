package io.viridian.cutover;

import io.viridian.fault.FaultException;
import io.viridian.feed.Marker;
import io.viridian.plan.Finding;
import io.viridian.plan.Sql;
import io.viridian.postgres.Session;
import java.util.List;
import java.util.Optional;

/**
 * Two event triggers on blue (manual 14-18, chapter 38) that put a {@link Marker} of kind DDL into the log, in the very
 * transaction that changes a mapped table, so the stream stops exactly before the first row of the new shape. A table
 * is mapped when it or a partition root above it carries the guard. A new partition changes no shape: it only gets the
 * guard, and the stream goes on. Nothing here ever makes the application's statement fail. Stateless; any thread.
 */
public final class DdlNotice {
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    /**
     * The functions run as their owner: whoever changes a table need not know our schema. Prefix and form: {@link
     * Marker}.
     */
    private static final String FUNCTIONS = """
            create or replace function viridian.ddl_marker(what text) returns void language sql
                set search_path = pg_catalog, pg_temp as $viridian$
                select pg_logical_emit_message(true, 'viridian', :migration || '|DDL|' || translate(what, '|', '/') || '|'
                    || (extract(epoch from clock_timestamp()) * 1000)::bigint)
            $viridian$;

            create or replace function viridian.guarded(relation oid) returns boolean language sql stable
                set search_path = pg_catalog, pg_temp as $viridian$
                select exists (select 1 from pg_trigger where tgname = '!viridian_guard'
                    and tgrelid in (select relation union select relid from pg_partition_ancestors(relation)))
            $viridian$;

            create or replace function viridian.on_ddl() returns event_trigger language plpgsql security definer
                set search_path = pg_catalog, pg_temp as $viridian$
            declare
                command record;
                before text := current_setting('viridian.ddl', true);
            begin
                if before = 'own' then
                    return;
                end if;
                for command in select objid, command_tag, object_type, object_identity
                               from pg_event_trigger_ddl_commands() where not in_extension loop
                    if command.object_type in ('table', 'table column') and viridian.guarded(command.objid) then
                        if command.command_tag = 'ALTER TABLE' then
                            perform viridian.ddl_marker(command.command_tag || ' ' || command.object_identity);
                        elsif command.command_tag like 'CREATE TABLE%' then
                            begin
                                perform set_config('viridian.ddl', 'own', true);
                                execute format('create trigger "!viridian_guard" before insert or update or delete or '
                                    'truncate on %s for each statement execute function viridian.guard()',
                                    command.objid::regclass);
                                execute format('alter table %s enable always trigger "!viridian_guard"',
                                    command.objid::regclass);
                            exception when others then
                                perform viridian.ddl_marker('unguarded ' || command.object_identity);
                                raise warning 'viridian: cannot guard %: %', command.object_identity, sqlerrm;
                            end;
                            perform set_config('viridian.ddl', coalesce(before, ''), true);
                        end if;
                    elsif command.command_tag = 'ALTER SCHEMA' and exists (
                            select 1 from pg_trigger g join pg_class c on c.oid = g.tgrelid
                            where g.tgname = '!viridian_guard' and c.relnamespace = command.objid) then
                        perform viridian.ddl_marker(command.command_tag || ' ' || command.object_identity);
                    end if;
                end loop;
            end
            $viridian$;

            create or replace function viridian.on_drop() returns event_trigger language plpgsql security definer
                set search_path = pg_catalog, pg_temp as $viridian$
            declare
                dropped record;
            begin
                if current_setting('viridian.ddl', true) = 'own' or tg_tag in ('DROP TRIGGER', 'ALTER TABLE') then
                    return;
                end if;
                for dropped in select address_names from pg_event_trigger_dropped_objects()
                               where object_type = 'trigger' and address_names[3] = '!viridian_guard' loop
                    perform viridian.ddl_marker(
                        tg_tag || ' ' || format('%I.%I', dropped.address_names[1], dropped.address_names[2]));
                end loop;
            end
            $viridian$;
            """;

    /** Always: a session in the replica role changes tables like any other. */
    private static final String TRIGGERS = """
            drop event trigger if exists viridian_ddl;
            create event trigger viridian_ddl on ddl_command_end execute function viridian.on_ddl();
            alter event trigger viridian_ddl enable always;
            drop event trigger if exists viridian_drop;
            create event trigger viridian_drop on sql_drop execute function viridian.on_drop();
            alter event trigger viridian_drop enable always
            """;

    private DdlNotice() {}

    /**
     * Installs or renews both triggers.
     *
     * @return what is missing when the role may not create event triggers: changes are then noticed later, by the shape
     *     that the stream describes, and new partitions are refused by the fence
     */
    public static List<Finding> install(Session session, String migration) {
        try {
            session.transaction(() -> {
                session.execute("set local viridian.ddl = 'own'");
                session.execute(FUNCTIONS.replace(":migration", Sql.literal(migration)));
                session.execute(TRIGGERS);
            });
            return List.of();
        } catch (FaultException failure) {
            if (!failure.fault().sqlState().equals(INSUFFICIENT_PRIVILEGE)) {
                throw failure;
            }
            return List.of(Finding.warning(
                    session.side().text() + ".event-trigger",
                    "event triggers",
                    "the role may not create event triggers, so a change of a table's shape is noticed only when the "
                            + "next row of it arrives, and a new partition is not guarded by itself",
                    "let a superuser, or on a managed service the administrator, own the migration's role"));
        }
    }

    /** Whether both triggers are there and enabled. */
    public static boolean installed(Session session) {
        Optional<Long> found = session.first(
                "select count(*) from pg_event_trigger where evtname in ('viridian_ddl', 'viridian_drop') and evtenabled = 'A'",
                row -> row.number(1));
        return found.equals(Optional.of(2L));
    }

    public static void remove(Session session) {
        session.transaction(() -> session.execute("""
                set local viridian.ddl = 'own';
                drop event trigger if exists viridian_ddl;
                drop event trigger if exists viridian_drop;
                drop function if exists viridian.on_ddl();
                drop function if exists viridian.on_drop();
                drop function if exists viridian.guarded(oid);
                drop function if exists viridian.ddl_marker(text)
                """));
    }
}
