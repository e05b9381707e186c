package io.viridian.demo;

import io.viridian.testkit.ledger.LedgerReport;
import java.util.List;
import java.util.stream.Stream;

/** Whether all went well, by the word of the clients. */
record Verdict(LedgerReport bank, ShopReport shop, List<String> leftovers) {
    Verdict {
        leftovers = List.copyOf(leftovers);
    }

    /** The sentence everybody waits for. */
    String ledger() {
        return "ledger: acknowledged %d, lost %d, doubled %d, invented %d"
                .formatted(
                        bank.acknowledged() + shop.acknowledged(),
                        bank.lost() + shop.lost(),
                        bank.doubled() + shop.doubled(),
                        bank.invented() + shop.invented());
    }

    long unknown() {
        return bank.unknown() + shop.unknown();
    }

    boolean ledgerClean() {
        return bank.clean() && shop.clean();
    }

    /** What is wrong, the first of each kind. */
    List<String> complaints() {
        return Stream.of(
                        bank.violations().stream(),
                        shop.violations().stream().limit(ShopReport.SHOWN),
                        leftovers.stream().map(line -> "left behind on " + line))
                .flatMap(lines -> lines)
                .toList();
    }

    /** As the contract numbers them: 0 well, 12 a mismatch, 1 a bug. */
    int exitCode() {
        if (!ledgerClean()) {
            return 12;
        }
        return leftovers.isEmpty() ? 0 : 1;
    }
}
