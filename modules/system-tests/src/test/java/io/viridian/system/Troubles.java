package io.viridian.system;

import io.viridian.plan.Side;
import java.nio.file.Files;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A blue and a green between which nothing would work, what is to be told of it, and the mending as it is told. */
final class Troubles {
    static final String[] TOLD = {
        """
        refused  blue.identity  public.log
            public.log on blue has neither a primary key nor a replica identity
            fix: alter table "public"."log" replica identity full;
        """,
        """
        refused  mapping.unmapped-table  public.forgotten
            no rule reads public.forgotten, and it is neither listed under as-is nor under ignore
            fix: add a rule for it, or list it under as-is: or ignore: in the mapping
        """,
        """
        refused  mapping.unfed-column  public.customer.city
            no expression of the rule from public.client feeds public.customer.city, which is NOT NULL and has no default
            fix: add it to columns: of the rule, or give it a default on green
        """,
        """
        refused  blue.wal-level  wal_level
            wal_level on blue is replica, needed is logical
            fix: alter system set wal_level = 'logical'; -- then restart blue
        """,
        """
        refused  blue.replication-slots  max_replication_slots
            max_replication_slots on blue is 1 and 0 are in use; 2 must be free
            fix: alter system set max_replication_slots = 2; -- then restart blue
        """,
        """
        refused  blue.replication-privilege  stranger
            role stranger cannot replicate from blue: blue said: \
        """,
        "    fix: alter role \"stranger\" replication; -- and let it in for this database in pg_hba.conf\n",
        "    role stranger may not create schema viridian in database ",
        "    table public.item on blue belongs to postgres, of which stranger is no member; only its owner may publish",
        """
        refused  mapping.not-immutable  public.product.created
            the expression of public.product.created is not immutable, so two evaluations can differ: \
        i.created::timestamptz
        """,
        """
        refused  mapping.value  public.product.name
            row id=2 of public.item does not fit public.product.name: value too long for type character varying(5); \
        the expression is trim(i.title)
        """
    };

    private static final Pattern SQL = Pattern.compile("(?m)^    fix: ((?:alter|grant) .*)$");

    private final Rig rig;

    Troubles(Rig rig) throws Exception {
        this.rig = rig;
        rig.execute(Side.BLUE, """
                create table item (id int primary key, title text, created timestamp);
                create table client (id int primary key, city text);
                create table log (line text);
                create table forgotten (id int primary key);
                insert into item values (1, 'one', '2026-01-01'), (2, 'much too long', '2026-01-02');
                grant select on all tables in schema public to stranger
                """);
        rig.execute(Side.GREEN, """
                create table product (id int primary key, name varchar(5), created timestamptz);
                create table customer (id int primary key, city text not null);
                create table log (line text);
                create table forgotten (id int primary key)
                """);
        map("i.created::timestamptz", "{ id: c.id }", "[public.log]");
    }

    private void map(String created, String customer, String asIs) throws Exception {
        Files.writeString(rig.directory.resolve("mapping.yaml"), """
                targets:
                  public.product:
                    rules:
                      - from: public.item i
                        columns: { id: i.id, name: trim(i.title), created: %s }
                  public.customer:
                    rules:
                      - from: public.client c
                        columns: %s
                as-is: %s
                """.formatted(created, customer, asIs));
    }

    /** Carries out the SQL that was told, restarts where that was told, and corrects mapping and row. */
    void mend(String told) throws Exception {
        Matcher sql = SQL.matcher(told);
        while (sql.find()) {
            for (String statement : sql.group(1).replaceFirst(" --.*", "").split(";", -1)) {
                if (!statement.isBlank()) {
                    rig.execute(Side.BLUE, statement);
                }
            }
        }
        rig.blue.stopFast();
        rig.blue.start();
        rig.execute(Side.BLUE, "update item set title = 'two' where id = 2");
        map(
                "i.created at time zone 'UTC'",
                "{ id: c.id, city: \"coalesce(c.city, '')\" }",
                "[public.log, public.forgotten]");
    }
}
