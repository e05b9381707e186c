package io.viridian.demo;

import io.viridian.demo.ShopLedger.Placed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How the orders on a side compare with what the shop's clients were promised.
 *
 * @param acknowledged orders whose COMMIT returned
 * @param unknown orders whose COMMIT got no answer; each may be there or not
 * @param violations orders that are there, but not as promised, and failures a client must not see
 */
record ShopReport(long acknowledged, long unknown, long lost, long doubled, long invented, List<String> violations) {
    /** Enough to see what kind of mistake it is. */
    static final int SHOWN = 5;

    ShopReport {
        violations = List.copyOf(violations);
    }

    boolean clean() {
        return lost == 0 && doubled == 0 && invented == 0 && violations.isEmpty();
    }

    /**
     * An order on the owner.
     *
     * @param linesCents what its lines add up to
     */
    record Found(long id, long totalCents, String status, long linesCents) {}

    /** Counts while the rows go by. One thread. */
    static final class Tally {
        private final Map<String, Placed> promised = new HashMap<>();
        private final Set<String> maybe = new HashSet<>();
        private final Set<String> seen = new HashSet<>();
        private final List<String> violations = new ArrayList<>();
        private long doubled;
        private long invented;

        Tally(List<ShopLedger> ledgers) {
            Map<Long, String> ids = new HashMap<>();
            for (ShopLedger ledger : ledgers) {
                promised.putAll(ledger.orders());
                maybe.addAll(ledger.maybeOrders());
                violations.addAll(ledger.surprises());
            }
            promised.forEach((reference, order) -> {
                String other = ids.put(order.id(), reference);
                if (other != null) {
                    violations.add("the number " + order.id() + " was given to " + other + " and to " + reference);
                }
            });
        }

        void found(String reference, Found order) {
            if (!seen.add(reference)) {
                doubled++;
                violations.add(reference + " is there twice");
                return;
            }
            Placed expected = promised.get(reference);
            if (expected == null) {
                if (!maybe.contains(reference)) {
                    invented++;
                    violations.add(reference + " was never acknowledged");
                }
            } else if (expected.id() != order.id()
                    || expected.totalCents() != order.totalCents()
                    || order.linesCents() != order.totalCents()
                    || (expected.statusKnown() && !expected.status().equals(order.status()))) {
                violations.add(reference + ": promised " + expected + ", found " + order);
            }
        }

        ShopReport report() {
            Set<String> lost = new HashSet<>(promised.keySet());
            lost.removeAll(seen);
            lost.stream().sorted().limit(SHOWN).forEach(reference -> violations.add(reference + " is lost"));
            return new ShopReport(promised.size(), maybe.size(), lost.size(), doubled, invented, violations);
        }
    }
}
