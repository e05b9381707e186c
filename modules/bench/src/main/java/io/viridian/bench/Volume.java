package io.viridian.bench;

/** What blue holds: one narrow table to be loaded, or the four tables of pgbench's bank. */
enum Volume {
    TABLE("bench_table"),
    BANK("bench_bank");

    /** As in pgbench, which calls this many accounts scale 1. */
    static final int ACCOUNTS_OF_A_BRANCH = 100_000;

    static final int TELLERS_OF_A_BRANCH = 10;

    /** pgbench's transaction in one call, as a program with a stored procedure would have it. */
    private static final String TRANSACTION = """
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

    private final String template;

    Volume(String template) {
        this.template = template;
    }

    /** What its databases are called. */
    String template() {
        return template;
    }

    /** Blue's tables with their rows. */
    String blue(int accounts) {
        String table = Shape.ACCOUNTS + """
            insert into accounts
            select n, 1 + (n - 1) / %d, 0, repeat(md5(n::text), 3)::char(84) from generate_series(1, %d) n;
            """.formatted(ACCOUNTS_OF_A_BRANCH, accounts) + Shape.ACCOUNTS_KEY;
        return switch (this) {
            case TABLE -> table;
            case BANK -> table + Shape.BANK + """
            insert into branches select n, 0 from generate_series(1, %1$d) n;
            insert into tellers select n, 1 + (n - 1) / %2$d, 0 from generate_series(1, %1$d * %2$d) n;
            """.formatted(branches(accounts), TELLERS_OF_A_BRANCH) + TRANSACTION;
        };
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
                        + " (select coalesce(sum(tbalance), 0) from tellers) from accounts";
        };
    }
}
