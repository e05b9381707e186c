package io.viridian.bench;

import java.util.List;
import java.util.Optional;

/**
 * What green looks like: as blue, or other names and computed values of the same types, so that the bytes stay as many.
 */
enum Shape {
    SAME,
    /** Names and numbers are others, what is text is copied. */
    COMPUTED,
    /** Text is computed too: {@code upper()} alone takes the server as long as reading the row. */
    MAPPED;

    static final String ACCOUNTS = """
            create table accounts (aid bigint not null, bid int not null, abalance int not null,
                                   filler char(84) not null);
            """;

    static final String ACCOUNTS_KEY = "alter table accounts add primary key (aid);\n";

    /** pgbench's other tables, its history without a key as there, and one row for each thing to wait for. */
    static final String BANK = """
            create table branches (bid int primary key, bbalance int not null, filler char(88));
            create table tellers (tid int primary key, bid int not null, tbalance int not null, filler char(84));
            create table history (tid int not null, bid int not null, aid bigint not null, delta int not null,
                                  mtime timestamp not null, filler char(22));
            alter table history replica identity full;
            create table marker (id bigint primary key);
            """;

    private static final String BOOKS_ACCOUNT = """
            create schema books;
            create table books.account (number bigint not null, branch int not null, balance int not null,
                                        note char(84) not null);
            """;

    private static final String BOOKS_ACCOUNT_KEY = "alter table books.account add primary key (number);\n";

    private static final String BOOKS_BANK = """
            create table books.branch (id int primary key, balance int not null, note char(88));
            create table books.teller (id int primary key, branch int not null, balance int not null, note char(84));
            create table books.entry (teller int not null, branch int not null, account bigint not null,
                                      amount int not null, made_at timestamp not null, note char(22));
            alter table books.entry replica identity full;
            create table marker (id bigint primary key);
            """;

    private static final String COMPUTED_ACCOUNT = account("a.filler", "");

    private static final String MAPPED_ACCOUNT =
            account("upper(a.filler)::char(84)", "            filler: lower(t.note)::char(84)\n");

    /** What those mappings read, for those who know no mapping. */
    private static final Copied COMPUTED_ACCOUNT_COPIED =
            new Copied("accounts", "aid + 1, bid, -abalance, filler", "books.account");

    private static final Copied MAPPED_ACCOUNT_COPIED =
            new Copied("accounts", "aid + 1, bid, -abalance, upper(filler)::char(84)", "books.account");

    private static final String MAPPED_BANK = """
              books.branch:
                rules:
                  - from: public.branches b
                    columns: { id: b.bid, balance: -b.bbalance, note: b.filler }
                    inverse:
                      public.branches: { bbalance: -t.balance }
              books.teller:
                rules:
                  - from: public.tellers r
                    columns: { id: r.tid, branch: r.bid, balance: -r.tbalance, note: r.filler }
                    inverse:
                      public.tellers: { tbalance: -t.balance }
              books.entry:
                rules:
                  - from: public.history h
                    columns:
                      teller: h.tid
                      branch: h.bid
                      account: h.aid + 1
                      amount: -h.delta
                      made_at: h.mtime
                      note: h.filler
                    inverse:
                      public.history: { aid: t.account - 1, delta: -t.amount }
            as-is: [public.marker, public.wide]
            """;

    private static String account(String note, String inverse) {
        return """
                targets:
                  books.account:
                    rules:
                      - from: public.accounts a
                        columns:
                          number: a.aid + 1
                          branch: a.bid
                          balance: -a.abalance
                          note: %s
                        inverse:
                          public.accounts:
                            aid: t.number - 1
                            abalance: -t.balance
                """.formatted(note) + inverse;
    }

    /** Green's empty tables for the rows of that template. */
    String green(Volume volume) {
        boolean bank = volume == Volume.BANK;
        return switch (this) {
            case SAME -> volume.empty() + volume.keys();
            case COMPUTED, MAPPED ->
                BOOKS_ACCOUNT
                        + BOOKS_ACCOUNT_KEY
                        + (bank ? BOOKS_BANK + Volume.wideTable() + "alter table wide add primary key (id);\n" : "");
        };
    }

    /** The same before any key is built. */
    String withoutKeys(Volume volume) {
        return switch (this) {
            case SAME -> volume.empty();
            case COMPUTED, MAPPED -> BOOKS_ACCOUNT;
        };
    }

    /** Builds the keys that {@link #withoutKeys} lacks. */
    String keys(Volume volume) {
        return switch (this) {
            case SAME -> volume.keys();
            case COMPUTED, MAPPED -> BOOKS_ACCOUNT_KEY;
        };
    }

    /**
     * One table's way without Viridian.
     *
     * @param columns what is selected of it
     */
    record Copied(String from, String columns, String to) {}

    /** Of a mapping's shape the narrow table alone. */
    List<Copied> copied(Volume volume) {
        return switch (this) {
            case SAME ->
                volume.tables().stream()
                        .map(table -> new Copied(table, "*", table))
                        .toList();
            case COMPUTED -> List.of(COMPUTED_ACCOUNT_COPIED);
            case MAPPED -> List.of(MAPPED_ACCOUNT_COPIED);
        };
    }

    /** The mapping that leads there, if it takes one. */
    Optional<String> mapping(Volume volume) {
        boolean bank = volume == Volume.BANK;
        return switch (this) {
            case SAME -> Optional.empty();
            case COMPUTED -> Optional.of(COMPUTED_ACCOUNT + (bank ? MAPPED_BANK : ""));
            case MAPPED -> Optional.of(MAPPED_ACCOUNT + (bank ? MAPPED_BANK : ""));
        };
    }

    /** What of green must equal blue's {@link Volume#sums}. */
    String sums(Volume volume) {
        boolean bank = volume == Volume.BANK;
        return switch (this) {
            case SAME -> volume.sums();
            case COMPUTED, MAPPED ->
                "select count(*) || ' ' || coalesce(sum(-balance), 0)"
                        + (bank
                                ? " || ' ' || (select count(*) || ' ' || coalesce(sum(-amount), 0) from books.entry)"
                                        + " || ' ' || (select coalesce(sum(-balance), 0) from books.teller)"
                                        + " || ' ' || (select count(*) || ' ' || coalesce(sum(i6), 0) from wide)"
                                : "")
                        + " from books.account";
        };
    }
}
