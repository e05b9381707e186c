package io.viridian.demo;

import java.time.Duration;
import java.util.Locale;

/**
 * How long the clients could not write while the writes moved, or nearly moved.
 *
 * @param bank between two acknowledged writes of the unluckiest client of the bank
 * @param shop the same for the shop
 * @param daemon what the daemon says it was
 */
record Pause(String what, Duration bank, Duration shop, String daemon) {
    Duration longest() {
        return bank.compareTo(shop) > 0 ? bank : shop;
    }

    String line() {
        return String.format(
                Locale.ROOT,
                "  %-14s %9s   (bank %s, shop %s; the daemon says %s)",
                what,
                Narrator.millis(longest()),
                Narrator.millis(bank),
                Narrator.millis(shop),
                daemon);
    }
}
