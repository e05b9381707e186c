package io.viridian.cutover;

import io.viridian.fault.FaultException;
import io.viridian.feed.Marker;
import io.viridian.plan.Finding;
import io.viridian.plan.Sql;
import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Two event triggers on blue (manual 14-18, chapter 38) that put a {@link Marker} of kind DDL into the log, in the very
 * transaction that changes a mapped table, so the stream stops exactly before the first row of the new shape. A table
 * is mapped when it or a partition root above it carries the guard, or, where nothing does ({@link Closing#SESSIONS}),
 * stands in a list of ours. A new partition changes no shape: it only gets the guard, or its line in the list, and the
 * stream goes on. Nothing here ever makes the application's statement fail. Stateless; any thread.
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
                select exists (select 1 from (:mapped) as mapped(member)
                    where member in (select relation union select relid from pg_partition_ancestors(relation)))
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
                                :newcomer
                            exception when others then
                                perform viridian.ddl_marker('unguarded ' || command.object_identity);
                                raise warning 'viridian: cannot guard %: %', command.object_identity, sqlerrm;
                            end;
                            perform set_config('viridian.ddl', coalesce(before, ''), true);
                        end if;
                    elsif command.command_tag = 'ALTER SCHEMA' and exists (
                            select 1 from (:mapped) as mapped(member) join pg_class c on c.oid = member
                            where c.relnamespace = command.objid) then
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
                               where :dropped loop
                    perform viridian.ddl_marker(
                        tg_tag || ' ' || format('%I.%I', dropped.address_names[1], dropped.address_names[2]));
                end loop;
            end
            $viridian$;
            """;

    private static final Words BY_GUARD = new Words(
            "select tgrelid from pg_trigger where tgname = '!viridian_guard'",
            "object_type = 'trigger' and address_names[3] = '!viridian_guard'",
            """
            execute format('create trigger "!viridian_guard" before insert or update or delete or '
                'truncate on %s for each statement execute function viridian.guard()',
                command.objid::regclass);
            execute format('alter table %s enable always trigger "!viridian_guard"', command.objid::regclass);
            """);

    private static final Words BY_LIST = new Words(
            "select relation from viridian.mapped",
            "object_type = 'table' and objid in (select relation from viridian.mapped)",
            "insert into viridian.mapped values (command.objid) on conflict do nothing;");

    private static final String LIST = "create table if not exists viridian.mapped (relation oid primary key)";

    private static final String LISTED = """
            insert into viridian.mapped
            select member.relid
            from unnest(?::text[]) as named(name)
            cross join lateral (select named.name::regclass::oid as relid
                                union select t.relid::oid from pg_partition_tree(named.name::regclass) t) as member
            on conflict do nothing
            """;

    /**
     * How the functions know a mapped table.
     *
     * @param mapped selects the tables' object ids
     * @param dropped what of the dropped objects tells of one
     * @param newcomer is done to a new partition of one
     */
    private record Words(String mapped, String dropped, String newcomer) {
        String in(String text) {
            return text.replace(":mapped", mapped).replace(":dropped", dropped).replace(":newcomer", newcomer);
        }
    }

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
        return install(session, migration, BY_GUARD, List.of());
    }

    /** The same where no table carries the guard: then it has to be told which tables are mapped. */
    public static List<Finding> install(Session session, String migration, Collection<TableName> mapped) {
        return install(session, migration, BY_LIST, mapped);
    }

    private static List<Finding> install(Session session, String migration, Words words, Collection<TableName> listed) {
        try {
            session.transaction(() -> {
                session.execute("set local viridian.ddl = 'own'");
                if (!listed.isEmpty()) {
                    session.execute(LIST);
                    session.update(
                            LISTED, (Object) listed.stream().map(TableName::sql).toArray(String[]::new));
                }
                session.execute(words.in(FUNCTIONS).replace(":migration", Sql.literal(migration)));
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
                drop function if exists viridian.ddl_marker(text);
                drop table if exists viridian.mapped
                """));
    }
}
