package io.viridian.bench;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What blue holds: tables of different shapes to be loaded, or the four tables of pgbench's bank. */
enum Volume {
    TABLE("narrow", "bench_table", "one narrow table, as pgbench's accounts but with a `bigint` key"),
    WIDE("wide", "bench_wide", "one table of forty columns"),
    LARGE_VALUES("large-values", "bench_large", "one table with 48,000 bytes in each row, stored out of line"),
    MANY_TABLES("many-tables", "bench_many", "two hundred small tables"),
    BANK("bank", "bench_bank", "the tables of pgbench's bank");

    /** As in pgbench, which calls this many accounts scale 1. */
    static final int ACCOUNTS_OF_A_BRANCH = 100_000;

    static final int TELLERS_OF_A_BRANCH = 10;

    /** pgbench's transaction in one call, as a program with a stored procedure would have it. */
    static final String TRANSACTION = """
            create schema bench;
            create function bench.transact(account bigint, teller int, branch int, amount int) returns void
            language plpgsql as $$
            begin
                update accounts set abalance = abalance + amount where aid = account;
                update tellers set tbalance = tbalance + amount where tid = teller;
                update branches set bbalance = bbalance + amount where bid = branch;
                insert into history (tid, bid, aid, delta, mtime)
                values (teller, branch, account, amount, localtimestamp);
            end $$;
            """;

    private static final int SMALL_TABLES = 200;

    /** A row of forty columns is about six times as long as an account. */
    private static final int ACCOUNTS_FOR_A_WIDE_ROW = 10;

    private static final int ACCOUNTS_FOR_A_DOCUMENT = 400;
    private static final int ACCOUNTS_FOR_A_SMALL_ROW = 2_000;

    private final String id;
    private final String template;
    private final String words;

    Volume(String id, String template, String words) {
        this.id = id;
        this.template = template;
        this.words = words;
    }

    /** In the file of results. */
    String id() {
        return id;
    }

    /** What its databases are called. */
    String template() {
        return template;
    }

    /** For people. */
    String words() {
        return words;
    }

    /** The tables that a load copies, in the schema public. */
    List<String> tables() {
        return switch (this) {
            case TABLE -> List.of("accounts");
            case WIDE -> List.of("wide");
            case LARGE_VALUES -> List.of("documents");
            case MANY_TABLES ->
                IntStream.rangeClosed(1, SMALL_TABLES)
                        .mapToObj(number -> "small_" + number)
                        .toList();
            case BANK -> List.of("accounts", "branches", "tellers", "history", "marker", "wide");
        };
    }

    /** Of all its tables together, when there are that many accounts. */
    long rows(int accounts) {
        return switch (this) {
            case TABLE, BANK -> accounts;
            case WIDE -> accounts / ACCOUNTS_FOR_A_WIDE_ROW;
            case LARGE_VALUES -> accounts / ACCOUNTS_FOR_A_DOCUMENT;
            case MANY_TABLES -> (long) SMALL_TABLES * (accounts / ACCOUNTS_FOR_A_SMALL_ROW);
        };
    }

    /** The tables, empty and without the keys that {@link #keys} adds. */
    String empty() {
        return switch (this) {
            case TABLE -> Shape.ACCOUNTS;
            case BANK -> Shape.ACCOUNTS + Shape.BANK + wideTable();
            case WIDE -> wideTable();
            case LARGE_VALUES -> """
            create table documents (id bigint not null, title text, body text);
            alter table documents alter body set storage external;
            """;
            case MANY_TABLES ->
                tables().stream()
                        .map(table -> "create table " + table + " (id int not null, name text, made timestamptz);\n")
                        .collect(Collectors.joining());
        };
    }

    /** The statements that give the tables their keys, one after the other. */
    String keys() {
        return switch (this) {
            case TABLE -> Shape.ACCOUNTS_KEY;
            case BANK -> Shape.ACCOUNTS_KEY + "alter table wide add primary key (id);\n";
            case WIDE, LARGE_VALUES, MANY_TABLES ->
                tables().stream()
                        .map(table -> "alter table " + table + " add primary key (id);\n")
                        .collect(Collectors.joining());
        };
    }

    /** Blue's tables with their rows. */
    String blue(int accounts) {
        return empty() + fill(accounts) + keys() + (this == BANK ? TRANSACTION : "");
    }

    private String fill(int accounts) {
        String filled = """
            insert into accounts
            select n, 1 + (n - 1) / %d, 0, repeat(md5(n::text), 3)::char(84) from generate_series(1, %d) n;
            """.formatted(ACCOUNTS_OF_A_BRANCH, accounts);
        return switch (this) {
            case TABLE -> filled;
            case BANK -> filled + """
            insert into branches select n, 0 from generate_series(1, %1$d) n;
            insert into tellers select n, 1 + (n - 1) / %2$d, 0 from generate_series(1, %1$d * %2$d) n;
            """.formatted(branches(accounts), TELLERS_OF_A_BRANCH);
            case WIDE ->
                "insert into wide select n, " + wideValues() + " from generate_series(1, " + rows(accounts) + ") n;\n";
            case LARGE_VALUES -> """
            insert into documents select n, 'document ' || n, repeat(md5(n::text), 1500) from generate_series(1, %d) n;
            """.formatted(rows(accounts));
            case MANY_TABLES ->
                tables().stream()
                        .map(table -> "insert into " + table + " select n, md5(n::text), now() from generate_series(1, "
                                + accounts / ACCOUNTS_FOR_A_SMALL_ROW + ") n;\n")
                        .collect(Collectors.joining());
        };
    }

    /** Without its key. */
    static String wideTable() {
        return "create table wide (id bigint not null, " + wideColumns() + ");\n";
    }

    private static String wideColumns() {
        return wide(
                number -> "i" + number + " int",
                number -> "t" + number + " varchar(40)",
                number -> "n" + number + " numeric(12, 2)",
                number -> "w" + number + " timestamptz");
    }

    /** Of a row whose number is n. */
    static String wideValues() {
        return wide(
                number -> "n + " + number,
                number -> "md5((n * " + number + ")::text)",
                number -> "(n + " + number + ") / 7.0",
                number -> "now() + n * interval '1 second'");
    }

    /** Twelve, twelve, eight and seven, which with the key makes forty. */
    private static String wide(
            java.util.function.IntFunction<String> whole,
            java.util.function.IntFunction<String> text,
            java.util.function.IntFunction<String> numeric,
            java.util.function.IntFunction<String> moment) {
        return Stream.of(
                        IntStream.rangeClosed(1, 12).mapToObj(whole),
                        IntStream.rangeClosed(1, 12).mapToObj(text),
                        IntStream.rangeClosed(1, 8).mapToObj(numeric),
                        IntStream.rangeClosed(1, 7).mapToObj(moment))
                .flatMap(columns -> columns)
                .collect(Collectors.joining(", "));
    }

    static int branches(int accounts) {
        return (accounts + ACCOUNTS_OF_A_BRANCH - 1) / ACCOUNTS_OF_A_BRANCH;
    }

    /** Counts and sums that tell whether everything has arrived. */
    String sums() {
        return switch (this) {
            case TABLE -> "select count(*) || ' ' || coalesce(sum(abalance), 0) from accounts";
            case BANK ->
                "select count(*) || ' ' || coalesce(sum(abalance), 0) || ' ' ||"
                        + " (select count(*) || ' ' || coalesce(sum(delta), 0) from history) || ' ' ||"
                        + " (select coalesce(sum(tbalance), 0) from tellers) || ' ' ||"
                        + " (select count(*) || ' ' || coalesce(sum(i6), 0) from wide) from accounts";
            case WIDE -> "select count(*) || ' ' || sum(i12) || ' ' || sum(n8) from wide";
            case LARGE_VALUES -> "select count(*) || ' ' || sum(length(body)) from documents";
            case MANY_TABLES ->
                tables().stream()
                        .map(table -> "(select count(*) as many from " + table + ")")
                        .collect(Collectors.joining(" union all ", "select sum(many) from (", ") as counts"));
        };
    }
}
