package io.viridian.testkit.leak;

/**
 * The kinds of things that can be left behind, each with the query that lists them: one text column, one row each.
 * Sessions of the test kit ({@link io.viridian.testkit.server.PostgresServer#OBSERVER}) are none.
 */
enum Trace {
    SLOT(Scope.SERVER, """
            select slot_name || ' (' || coalesce(plugin, slot_type) || coalesce(', in ' || database, '') || ')'
            from pg_replication_slots"""),
    ORIGIN(Scope.SERVER, "select roname::text from pg_replication_origin"),
    PREPARED_TRANSACTION(Scope.SERVER, "select gid || ' of ' || owner || ' in ' || database from pg_prepared_xacts"),
    ROLE_SETTING(Scope.SERVER, """
            select setting || ' for ' || coalesce(rolname, 'all roles') || ' in ' || coalesce(datname, 'all databases')
            from pg_db_role_setting
            cross join unnest(setconfig) as setting
            left join pg_roles on pg_roles.oid = setrole
            left join pg_database on pg_database.oid = setdatabase"""),
    SERVER_SETTING(Scope.SERVER, """
            select name || ' = ' || setting from pg_file_settings where sourcefile like '%postgresql.auto.conf'"""),
    SUBSCRIPTION(Scope.SERVER, """
            select subname || ' in ' || datname
            from pg_subscription join pg_database on pg_database.oid = subdbid"""),
    /** Numbered, so that one more of the same kind shows. */
    CONNECTION(Scope.SERVER, """
            select coalesce(usename, '?') || ' in ' || coalesce(datname, '(no database)')
                || ' as ' || quote_literal(application_name) || ', ' || backend_type
                || ', number ' || row_number() over (partition by usename, datname, application_name, backend_type)
            from pg_stat_activity
            where backend_type in ('client backend', 'walsender')
                and application_name <> 'viridian-testkit-observer' and pid <> pg_backend_pid()"""),
    /** Without those of sessions on their own transaction id, which every session holds. */
    LOCK(Scope.SERVER, """
            select l.mode || ' on ' || l.locktype
                || coalesce(' ' || case when l.database = current_oid then l.relation::regclass::text
                    else l.relation::text end, '')
                || coalesce(' ' || l.classid || ':' || l.objid, '')
                || ' by ' || coalesce(quote_literal(a.application_name), 'a prepared transaction')
            from pg_locks l
            cross join (select oid as current_oid from pg_database where datname = current_database()) as here
            left join pg_stat_activity a on a.pid = l.pid
            where l.locktype not in ('virtualxid', 'transactionid') and l.pid is distinct from pg_backend_pid()
                and a.application_name is distinct from 'viridian-testkit-observer'
                and coalesce(a.backend_type, 'client backend') in ('client backend', 'walsender')"""),
    PUBLICATION(Scope.DATABASE, "select pubname::text from pg_publication"),
    TRIGGER(Scope.DATABASE, """
            select tgname || ' on ' || tgrelid::regclass || case tgenabled
                when 'D' then ' (disabled)' when 'A' then ' (always)' when 'R' then ' (replica)' else '' end
            from pg_trigger where not tgisinternal"""),
    EVENT_TRIGGER(Scope.DATABASE, "select evtname || ' on ' || evtevent from pg_event_trigger"),
    FUNCTION(Scope.DATABASE, """
            select p.oid::regprocedure::text
            from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where n.nspname not in ('pg_catalog', 'information_schema')"""),
    SCHEMA(Scope.DATABASE, """
            select nspname::text from pg_namespace
            where nspname <> 'information_schema' and nspname not like 'pg\\_%'"""),
    REPLICA_IDENTITY(Scope.DATABASE, """
            select oid::regclass || ' ' || case relreplident
                when 'f' then 'full' when 'i' then 'by an index' else 'nothing' end
            from pg_class
            where relkind in ('r', 'p') and relreplident <> 'd' and relnamespace <> 'pg_catalog'::regnamespace""");

    /** Whether all databases share it. */
    enum Scope {
        SERVER,
        DATABASE
    }

    private final Scope scope;
    private final String query;

    Trace(Scope scope, String query) {
        this.scope = scope;
        this.query = query;
    }

    Scope scope() {
        return scope;
    }

    String query() {
        return query;
    }
}
