package io.viridian.migration;

import io.viridian.fault.Invariant;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The terms on which a migration cuts over by itself.
 *
 * @param operation the one that armed it; empty when the configuration did ({@code cutover.mode: auto})
 * @param by the name behind it
 * @param lagMax the lag at or below which the switch may begin, in place of {@code cutover.max-lag}
 * @param stableFor how long the lag must have been that low, in place of {@code cutover.stable-for}; also how long
 *     nothing is tried after an attempt
 * @param notBefore the earliest moment of the switch, in place of that of {@code cutover.window}
 * @param notAfter the latest moment at which it may begin, in place of that of {@code cutover.window}
 * @param attempts how many there may still be, at least one
 * @param expires when nobody waits any more; absent where the configuration is what armed it
 */
public record Arming(
        String operation,
        String by,
        Duration lagMax,
        Duration stableFor,
        Optional<Instant> notBefore,
        Optional<Instant> notAfter,
        int attempts,
        Optional<Instant> expires) {
    public Arming {
        Invariant.require(attempts > 0, "an arming without attempts");
    }

    /** Whether it is the configuration's, which holds for every daemon; a person's is for the one that was asked. */
    public boolean standing() {
        return operation.isEmpty();
    }

    /** What is left of it after an attempt. */
    Optional<Arming> attempted() {
        return attempts == 1
                ? Optional.empty()
                : Optional.of(new Arming(operation, by, lagMax, stableFor, notBefore, notAfter, attempts - 1, expires));
    }

    /** The terms, for whoever asked. */
    Map<String, String> told() {
        Map<String, String> told = new LinkedHashMap<>();
        told.put("max_lag", lagMax.toMillis() + "ms");
        told.put("stable_for", stableFor.toMillis() + "ms");
        notBefore.ifPresent(from -> told.put("not_before", from.toString()));
        notAfter.ifPresent(until -> told.put("not_after", until.toString()));
        told.put("attempts", Integer.toString(attempts));
        expires.ifPresent(end -> told.put("expires", end.toString()));
        return told;
    }

    /** The terms in a sentence. */
    public String words() {
        return "cuts over once the lag has been at most " + lagMax.toMillis() + " ms for " + stableFor.toMillis()
                + " ms and every other gate passes"
                + notBefore.map(from -> ", from " + from + " on").orElse("")
                + notAfter.or(() -> expires).map(end -> ", until " + end).orElse("")
                + (attempts == 1 ? ", in one attempt" : ", in up to " + attempts + " attempts");
    }
}
