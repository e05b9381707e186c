package io.viridian.testkit.ledger;

import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/** All expectations: what the database must hold when every operation that committed, and no other, is in it. */
final class Bank {

    static final long INITIAL_BALANCE = 1_000;

    private final LedgerConfig config;
    private final Content content;
    private final AtomicLongArray balances;
    private final List<Partition> partitions;

    Bank(LedgerConfig config) {
        this.config = config;
        content = new Content(config.seed(), config.volume().documentBytes());
        balances = new AtomicLongArray(config.writers() * config.volume().rowsPerWriter());
        for (int account = 0; account < balances.length(); account++) {
            balances.set(account, INITIAL_BALANCE);
        }
        partitions = IntStream.range(0, config.writers())
                .mapToObj(writer -> new Partition(writer, config.volume()))
                .toList();
    }

    Content content() {
        return content;
    }

    Partition partition(int writer) {
        return partitions.get(writer);
    }

    /** Accounts are shared by all writers and numbered through; the id in the database is one more. */
    int accounts() {
        return balances.length();
    }

    void credit(int account, long amount) {
        balances.addAndGet(account, amount);
    }

    long balance(int account) {
        return balances.get(account);
    }

    /** Rows of one table with {@code rowsPerWriter} per writer. */
    int rows() {
        return config.writers() * config.volume().rowsPerWriter();
    }

    int documents() {
        return config.writers() * config.volume().documentsPerWriter();
    }

    Partition partitionOfRow(long rowId) {
        return partition((int) ((rowId - 1) / config.volume().rowsPerWriter()));
    }

    int rowWithin(long rowId) {
        return (int) ((rowId - 1) % config.volume().rowsPerWriter());
    }

    Partition partitionOfDocument(long documentId) {
        return partition((int) ((documentId - 1) / config.volume().documentsPerWriter()));
    }

    int documentWithin(long documentId) {
        return (int) ((documentId - 1) % config.volume().documentsPerWriter());
    }
}
