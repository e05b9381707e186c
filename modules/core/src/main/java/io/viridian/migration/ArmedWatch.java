package io.viridian.migration;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an armed migration sees in its gates: that it is to be disarmed, that it is time, or that it waits. Pure. */
final class ArmedWatch {
    /** What no waiting mends: rows that differ, and tables that are not those of the plan. */
    private static final Set<String> DISARMING = Set.of("verify.clean", "schema.quiet");

    private final MigrationState.Armed armed;
    private final List<Gate> gates;
    private final Instant now;

    ArmedWatch(MigrationState.Armed armed, List<Gate> gates, Instant now) {
        this.armed = armed;
        this.gates = List.copyOf(gates);
        this.now = now;
    }

    /** Why it must not wait any longer. */
    Optional<String> disarmedBy() {
        Arming arming = armed.arming();
        Optional<String> late = arming.expires()
                .filter(end -> !now.isBefore(end))
                .map(end -> "it expired at " + end)
                .or(() -> arming.notAfter().filter(now::isAfter).map(end -> "its window ended at " + end));
        return late.or(() -> gates.stream()
                .filter(gate -> !gate.letsPass() && DISARMING.contains(gate.id()))
                .findFirst()
                .map(gate -> "gate " + gate.id() + " is not passing: " + gate.value()));
    }

    /** Whether every gate passes or is overridden, and has had the time to since the last attempt. */
    boolean isTime() {
        return !gates.isEmpty()
                && gates.stream().allMatch(Gate::letsPass)
                && !now.isBefore(armed.since().plus(armed.arming().stableFor()));
    }
}
