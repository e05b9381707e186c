package io.viridian.bench;

/** What waits when a drain begins: changes of the bank, made while nobody followed. */
enum Backlog {
    TPC_B(1, "tpc-b", "pgbench's TPC-B: three updates and an insert in each transaction", 4),
    BULK_INSERTS(2, "bulk-inserts", "new accounts, 1,000 in each transaction", 2),
    HOT_ROWS(3, "hot-rows", "one update in each transaction, all of them of the same few rows", 1),
    MANY_ROWS(4, "many-rows", "updates of accounts, each of another one, 10,000 in each transaction", 2),
    LARGE_TRANSACTION(5, "large-transaction", "one transaction that updates as many accounts", 2),
    WIDE_ROWS(6, "wide-rows", "new rows of forty columns, 100 in each transaction, half of them updated then", 1);

    private static final int INSERTED_AT_ONCE = 1_000;
    private static final int WIDE_AT_ONCE = 100;
    private static final int UPDATED_AT_ONCE = 10_000;

    private final int marker;
    private final String id;
    private final String words;
    private final int changesPerUnit;

    Backlog(int marker, String id, String words, int changesPerUnit) {
        this.marker = marker;
        this.id = id;
        this.words = words;
        this.changesPerUnit = changesPerUnit;
    }

    /** In the file of results. */
    String id() {
        return id;
    }

    /** For people. */
    String words() {
        return words;
    }

    /** How many row changes it holds; the others are smaller than the first, so that all take seconds. */
    int changes(BenchSettings settings) {
        int asked = changesPerUnit * settings.transactions();
        return switch (this) {
            case TPC_B, BULK_INSERTS, HOT_ROWS -> asked;
            case WIDE_ROWS -> wideRows(asked) * 3 / 2;
            case MANY_ROWS, LARGE_TRANSACTION -> Math.min(asked, settings.rows());
        };
    }

    /** A whole number of transactions, of rows that are several times as long. */
    private static int wideRows(int asked) {
        return Math.max(1, asked / 3 / WIDE_AT_ONCE) * WIDE_AT_ONCE;
    }

    /** The marker that is written last, in a transaction of its own. */
    int marker() {
        return marker;
    }

    /** One statement that makes it. */
    String sql(BenchSettings settings) {
        int rows = settings.rows();
        int changes = changes(settings);
        return switch (this) {
            case TPC_B -> tpcB(settings.transactions(), rows);
            case BULK_INSERTS -> """
            do $$
            begin
                for n in 0..%1$d loop
                    insert into accounts
                    select %3$d + i, 1, 0, repeat(md5(i::text), 3)::char(84)
                    from generate_series(n * %2$d + 1, least((n + 1) * %2$d, %4$d)) i;
                    commit;
                end loop;
            end $$
            """.formatted((changes - 1) / INSERTED_AT_ONCE, INSERTED_AT_ONCE, rows, changes);
            case HOT_ROWS -> """
            do $$
            begin
                for n in 1..%d loop
                    update tellers set tbalance = tbalance + 1 where tid = 1 + n %% 10;
                    commit;
                end loop;
            end $$
            """.formatted(changes);
            case MANY_ROWS -> """
            do $$
            begin
                for n in 0..%1$d loop
                    update accounts set abalance = abalance + 1
                    where aid > n * %2$d and aid <= least((n + 1) * %2$d, %3$d);
                    commit;
                end loop;
            end $$
            """.formatted((changes - 1) / UPDATED_AT_ONCE, UPDATED_AT_ONCE, changes);
            case WIDE_ROWS -> """
            do $$
            begin
                for part in 0..%1$d loop
                    insert into wide select n, %3$s from generate_series(part * %2$d + 1, (part + 1) * %2$d) n;
                    update wide set i6 = -i6, t6 = upper(t6) where id > part * %2$d and id <= part * %2$d + %2$d / 2;
                    commit;
                end loop;
            end $$
            """.formatted(changes * 2 / 3 / WIDE_AT_ONCE - 1, WIDE_AT_ONCE, Volume.wideValues());
            case LARGE_TRANSACTION -> "update accounts set abalance = abalance - 1 where aid <= %d".formatted(changes);
        };
    }

    /** That many transactions of the first kind on a bank of that many accounts. */
    static String tpcB(int transactions, int accounts) {
        int tellers = Volume.branches(accounts) * Volume.TELLERS_OF_A_BRANCH;
        return """
            do $$
            declare
                account bigint;
                teller int;
            begin
                perform setseed(0.25);
                for n in 1..%d loop
                    account := 1 + floor(random() * %d);
                    teller := 1 + floor(random() * %d);
                    perform bench.transact(account, teller, 1 + (teller - 1) / %d,
                                           floor(random() * 10001)::int - 5000);
                    commit;
                end loop;
            end $$
            """.formatted(transactions, accounts, tellers, Volume.TELLERS_OF_A_BRANCH);
    }
}
