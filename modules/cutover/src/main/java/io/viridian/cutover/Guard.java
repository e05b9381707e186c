package io.viridian.cutover;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.plan.Side;
import io.viridian.plan.Sql;
import io.viridian.plan.TableName;
import io.viridian.postgres.Database;
import io.viridian.postgres.Session;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The durable fence. Every mapped table carries one statement trigger that calls {@code viridian.guard()}; closing a
 * side, whatever the number of its tables, is replacing the body of that function. The catalog is what decides, so
 * cached plans, old snapshots, superusers and {@code session_replication_role = replica} are refused as well, provided
 * the caller holds the tables locked while it commits (manual 14-18, CREATE TRIGGER, and ALTER TABLE, ENABLE ALWAYS
 * TRIGGER). One migration per database. Immutable; any thread.
 */
public final class Guard {
    /** Statement triggers fire in the order of their names: nothing of the application may run before the refusal. */
    static final String TRIGGER = "!viridian_guard";

    /** Whatever the first epoch is called, both sides begin with the same. */
    static final long FIRST_EPOCH = 1;

    /**
     * Whoever is refused need not know our schema to be counted; with rights of ours, no name is the caller's to
     * choose.
     */
    private static final String COUNTS = "security definer set search_path = pg_catalog, pg_temp";

    private static final Pattern HEADER =
            Pattern.compile("-- viridian guard: (open|closed), migration ([a-z0-9-]+), epoch (\\d+)");

    /**
     * Every table that a statement can name: a statement trigger fires for the named table only, so roots, intermediate
     * partitioned tables and leaves all need their own. Those that have it are left out, so nothing is locked for them.
     */
    private static final String UNGUARDED = """
            select n.nspname, c.relname
            from unnest(?::text[]) as named(name)
            cross join lateral (select named.name::regclass::oid as relid
                                union select t.relid::oid from pg_partition_tree(named.name::regclass) t) as member
            join pg_class c on c.oid = member.relid join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p')
              and not exists (select 1 from pg_trigger g
                              where g.tgrelid = c.oid and g.tgname = '!viridian_guard' and g.tgenabled = 'A'
                                and g.tgfoid = to_regproc('viridian.guard')::oid)
            order by c.oid
            """;

    private static final String GUARDED = """
            select n.nspname, c.relname from pg_trigger g
            join pg_class c on c.oid = g.tgrelid join pg_namespace n on n.oid = c.relnamespace
            where g.tgname = '!viridian_guard' and not g.tgisinternal order by c.oid
            """;

    private final String migration;
    private final String blueAddress;
    private final String greenAddress;

    /**
     * A migration's guard.
     *
     * @param blueAddress where blue is, as a refused client of green is told
     */
    public Guard(String migration, String blueAddress, String greenAddress) {
        this.migration = migration;
        this.blueAddress = blueAddress;
        this.greenAddress = greenAddress;
    }

    /** The guard of a migration between these two; clients are told host, port and database, never a user. */
    public static Guard between(String migration, Database blue, Database green) {
        return new Guard(migration, address(blue), address(green));
    }

    private static String address(Database database) {
        return database.endpoint()
                .jdbcUrl()
                .replaceFirst("^jdbc:postgresql://", "")
                .replaceFirst("\\?.*$", "");
    }

    /** What {@code viridian.token} must be set to in a session that the closed guard of an epoch lets pass. */
    public static String token(String migration, long epoch) {
        return migration + ":" + epoch;
    }

    /**
     * Only the function, as the record of which side is open at which epoch: for {@link Closing#SESSIONS}, where no
     * trigger calls it.
     *
     * @throws io.viridian.fault.FaultException with CONFLICT when another migration's guard is there
     */
    public void install(Session session) {
        switch (inspect(session)) {
            case GuardState.Absent _ -> first(session);
            case GuardState.Open open -> requireOurs(session, open.migration());
            case GuardState.Closed closed -> requireOurs(session, closed.migration());
        }
    }

    /**
     * Puts the guard on the tables and all their partitions. A new guard is open on blue and closed on green; one that
     * is there keeps its body. Each table is done on its own, because its trigger waits for the writers in flight.
     *
     * @throws io.viridian.fault.FaultException with CONFLICT when another migration's guard is there
     */
    public void install(Session session, Collection<TableName> tables) {
        install(session);
        for (TableName table : unguarded(session, tables)) {
            session.transaction(() -> session.execute("""
                    set local lock_timeout = '10s';
                    set local viridian.ddl = 'own';
                    drop trigger if exists "!viridian_guard" on %1$s;
                    create trigger "!viridian_guard" before insert or update or delete or truncate on %1$s
                        for each statement execute function viridian.guard();
                    alter table %1$s enable always trigger "!viridian_guard"
                    """.formatted(table.sql())));
        }
    }

    /**
     * How many statements the closed guard of this side has refused; a sequence, because a refusal undoes everything
     * else. A crash of the server may add up to 32. Empty when nobody counts.
     */
    public static OptionalLong refused(Session session) {
        return session.one(
                "select pg_sequence_last_value(to_regclass('viridian.refused'))::text, to_regclass('viridian.refused') is not null",
                row -> row.truth(2)
                        ? OptionalLong.of(
                                row.optionalText(1).map(Long::parseLong).orElse(0L))
                        : OptionalLong.empty());
    }

    /** What the ownership row says, if there is one: a guard that somebody dropped comes back as it was. */
    private void first(Session session) {
        session.execute("create schema if not exists viridian");
        session.execute("create sequence if not exists viridian.refused");
        Optional<Ownership> row = OwnershipRows.read(session, migration);
        boolean open = row.map(one -> one.state() == Ownership.State.OPEN).orElse(session.side() == Side.BLUE);
        long epoch = row.map(Ownership::epoch).orElse(FIRST_EPOCH);
        if (open) {
            open(session, epoch);
        } else {
            close(session, epoch);
        }
    }

    private void requireOurs(Session session, String found) {
        if (!found.equals(migration)) {
            throw Fault.about(
                            FaultCode.CONFLICT,
                            found,
                            session.side().text() + " is already guarded by migration " + found
                                    + "; a database takes part in one migration at a time")
                    .asException();
        }
    }

    /** The tables and partitions that a statement could write to without being seen by the guard. */
    public static List<TableName> unguarded(Session session, Collection<TableName> tables) {
        String[] names = tables.stream().map(TableName::sql).toArray(String[]::new);
        return session.list(UNGUARDED, row -> new TableName(row.text(1), row.text(2)), (Object) names);
    }

    /**
     * Replaces the guard and undoes it, so that the session does it quickly when it counts: the first time it loads the
     * language.
     */
    void practise(Session session) {
        session.begin();
        try {
            open(session, FIRST_EPOCH);
        } finally {
            session.rollback();
        }
    }

    /** Lets everybody write, as part of the session's transaction. */
    public void open(Session session, long epoch) {
        replace(session, "open", epoch, "", "return null;");
    }

    /**
     * Lets everybody write rows while the other side does so, too. What empties a table is refused: nobody could tell
     * which rows of the other side it meant.
     */
    public void share(Session session, long epoch) {
        replace(session, "open", epoch, "", """
                    if tg_op = 'TRUNCATE' then
                        raise exception using errcode = '25006',
                            message = %s,
                            detail = pg_catalog.format('%%s on %%I.%%I', tg_op, tg_table_schema, tg_table_name),
                            hint = 'Delete the rows, or stop the canary first.';
                    end if;
                    return null;""".formatted(Sql.literal(
                "viridian: TRUNCATE waits while both sides are written (migration %s)".formatted(migration))));
    }

    /** Refuses every write but those of the token's holders, as part of the session's transaction. */
    public void close(Session session, long epoch) {
        Side side = session.side();
        String elsewhere = side == Side.BLUE ? greenAddress : blueAddress;
        replace(session, "closed", epoch, COUNTS, """
                    if pg_catalog.current_setting('viridian.token', true) is distinct from %s then
                        begin
                            perform pg_catalog.nextval('viridian.refused');
                        exception when others then
                            null; -- whoever is not counted is refused all the same
                        end;
                        raise exception using errcode = '25006',
                            message = %s,
                            detail = pg_catalog.format('%%s on %%I.%%I', tg_op, tg_table_schema, tg_table_name),
                            hint = %s;
                    end if;
                    return null;""".formatted(
                        Sql.literal(token(migration, epoch)),
                        Sql.literal("viridian: %s is closed for writes (migration %s, epoch %d)"
                                .formatted(side.text(), migration, epoch)),
                        Sql.literal("Connect to %s (%s) once it is open, and send the transaction again."
                                .formatted(side.other().text(), elsewhere))));
    }

    private void replace(Session session, String word, long epoch, String attributes, String body) {
        session.execute("""
                create or replace function viridian.guard() returns trigger language plpgsql %s as $viridian$
                -- viridian guard: %s, migration %s, epoch %d
                begin
                    %s
                end
                $viridian$
                """.formatted(attributes, word, migration, epoch, body));
    }

    /** What the guard of the session's database does now. */
    public static GuardState inspect(Session session) {
        return session.first(
                        "select prosrc from pg_proc where oid = to_regproc('viridian.guard')::oid", row -> row.text(1))
                .map(Guard::parse)
                .orElseGet(GuardState.Absent::new);
    }

    private static GuardState parse(String body) {
        Matcher header = HEADER.matcher(body);
        if (!header.find()) {
            throw Fault.about(FaultCode.CONFLICT, "viridian.guard()", "the function viridian.guard() is not ours")
                    .asException();
        }
        long epoch = Long.parseLong(header.group(3));
        return header.group(1).equals("open")
                ? new GuardState.Open(header.group(2), epoch)
                : new GuardState.Closed(header.group(2), epoch);
    }

    /** Takes the guard off every table and drops the function. An open body goes first, so a crash leaves no fence. */
    public void remove(Session session) {
        if (inspect(session) instanceof GuardState.Absent) {
            return;
        }
        open(session, FIRST_EPOCH);
        for (TableName table : session.list(GUARDED, row -> new TableName(row.text(1), row.text(2)))) {
            session.transaction(() -> session.execute("""
                    set local lock_timeout = '10s';
                    set local viridian.ddl = 'own';
                    drop trigger if exists "!viridian_guard" on %s
                    """.formatted(table.sql())));
        }
        session.execute("drop function if exists viridian.guard(); drop sequence if exists viridian.refused");
    }
}
