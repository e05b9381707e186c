package io.viridian.demo;

import io.viridian.testkit.ledger.Dialect;
import io.viridian.testkit.ledger.LedgerConfig;
import io.viridian.testkit.ledger.LedgerReport;
import io.viridian.testkit.ledger.LedgerWorkload;
import io.viridian.testkit.ledger.Side;
import io.viridian.time.Clock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/** Everybody who writes: the clients of the gift-card bank and those of the shop. */
final class Clients implements AutoCloseable {
    private static final int BANK = 4;

    /** Each client of the bank writes every 20 ms: two cores keep up, and no pause hides between two writes. */
    private static final int BANK_WRITES_PER_SECOND = 200;

    private final LedgerWorkload bank;
    private final ShopClients shop;
    private final Clock clock;

    private Clients(LedgerWorkload bank, ShopClients shop, Clock clock) {
        this.bank = bank;
        this.shop = shop;
        this.clock = clock;
    }

    /** The beginning of an interval, on both clocks. */
    record Mark(Instant instant, long nanoTime) {}

    /** What the bank's clients will do; its tables must be there before they start. */
    static LedgerConfig bank(Stage stage, Path ledger, LedgerConfig.Volume rows) {
        Side blue = Side.of("blue", stage.blueServer(), stage.database());
        Side green = Side.of("green", stage.greenServer(), stage.database()).with(new BankDialect());
        return LedgerConfig.of(
                        ledger, blue.with("targetServerType", "primary"), green.with("targetServerType", "primary"))
                .withWriters(BANK)
                .withVolume(rows)
                .withOperationsPerSecond(BANK_WRITES_PER_SECOND);
    }

    static Clients start(LedgerConfig bank, ShopAddress shop, int customers, Clock clock) {
        return new Clients(LedgerWorkload.start(bank), ShopClients.start(shop, customers, clock), clock);
    }

    int number() {
        return BANK + ShopClients.CLIENTS;
    }

    /** Transactions acknowledged so far. */
    long acknowledged() {
        return bank.acknowledged() + shop.acknowledged();
    }

    Mark mark() {
        return new Mark(clock.now(), clock.nanoTime());
    }

    /** The pause since the mark; silence that lasts counts up to now. */
    Pause pauseSince(Mark mark, String what, String daemon) {
        Mark now = mark();
        return new Pause(
                what,
                bank.measure(mark.instant(), now.instant()).longestPause(),
                shop.longestPause(mark.nanoTime(), now.nanoTime()),
                daemon);
    }

    /** Lets everybody finish what they are doing; nothing is written afterwards. */
    void stop() throws InterruptedException {
        bank.stop();
        shop.close();
    }

    /** Compares blue with the bank's ledger, or green. */
    LedgerReport checkBank(Connection owner, boolean green) throws SQLException {
        return bank.check().check(owner, green ? new BankDialect() : Dialect.BLUE);
    }

    /** Compares blue with the ledgers of the shop's clients, or green. */
    ShopReport checkShop(Connection owner, boolean green) throws SQLException {
        return shop.check(owner, green ? ShopWords.GREEN : ShopWords.BLUE);
    }

    @Override
    public void close() {
        bank.close();
        shop.close();
    }
}
