package io.viridian.daemon.engine;

import io.viridian.cutover.gate.GateFacts;
import io.viridian.cutover.gate.OwnGate;
import io.viridian.cutover.gate.PauseForecast;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.migration.Arming;
import io.viridian.migration.Gate;
import io.viridian.plan.Direction;
import io.viridian.replication.lane.ApplyLane;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** The gates of a switch, read anew when asked and kept as they were seen last. The getters serve any thread. */
final class GateWatch {
    /**
     * What a rollback waits for: that nothing is lost by it. Comfort (a quiet moment, a window, statistics) must not
     * keep anybody from going back.
     */
    private static final Set<String> FOR_ROLLBACK = Set.of(
            "repl.healthy",
            "lag.seconds",
            "slot.safe",
            "verify.fresh",
            "verify.clean",
            "sequences.ready",
            "green.no-foreign-writes",
            "reverse.proven");

    private final Binding binding;
    private final Binding.Memory memory;
    private final Hooks hooks;
    private final Consents consents;
    private final ApplyRate applyRate;
    private final UnplannedTables unplanned;
    private volatile List<Gate> seen = List.of();

    GateWatch(
            Binding binding,
            Binding.Memory memory,
            Hooks hooks,
            Consents consents,
            ApplyRate applyRate,
            UnplannedTables unplanned) {
        this.binding = binding;
        this.memory = memory;
        this.hooks = hooks;
        this.consents = consents;
        this.applyRate = applyRate;
        this.unplanned = unplanned;
    }

    /**
     * Reads the gates of a switch.
     *
     * @param armed what a waiting cutover was armed with
     * @param by who asks for the switch, or nobody
     * @return in the order of the contract; empty while there is no stream in that direction
     */
    List<Gate> read(Direction direction, Optional<Arming> armed, String by) throws InterruptedException {
        Optional<Bound> bound = binding.now();
        Optional<ApplyLane> lane = binding.lane(direction);
        if (bound.isEmpty() || lane.isEmpty()) {
            return List.of();
        }
        GateFacts facts = facts(direction, bound.get(), lane.get());
        return consents.beside(bound.get().gates().read(facts, armed, own(direction, by)).stream()
                .filter(gate -> direction == Direction.FORWARD || FOR_ROLLBACK.contains(gate.id()))
                .toList());
    }

    private GateFacts facts(Direction direction, Bound all, ApplyLane lane) {
        int touched =
                Math.min(ProofWork.TOUCHED_BEFORE_A_SWITCH, lane.touchedKeys().orElse(0));
        return new GateFacts(
                direction,
                lane.status(),
                binding.lane(direction.opposite()).map(ApplyLane::status),
                memory.copy().complete(),
                all.proving().lastFull(),
                lane.touched().isPresent(),
                binding.trouble()
                        .filter(fault -> fault.code() == FaultCode.SCHEMA_CHANGED)
                        .map(Fault::sentence),
                direction == Direction.FORWARD ? unplanned.look(all.plan()) : Optional.empty(),
                memory.pauses().facts(direction, touched, applyRate.bytesPerSecond()));
    }

    private List<OwnGate> own(Direction direction, String by) {
        List<OwnGate> own = new ArrayList<>(hooks.gates(direction));
        consents.approval(by).ifPresent(own::add);
        return own;
    }

    /** Reads the gates of the next switch into memory. */
    void look(Direction direction, Optional<Arming> armed) throws InterruptedException {
        seen = read(direction, armed, armed.map(Arming::by).orElse(""));
    }

    /** The gates as they were at the last look. */
    List<Gate> seen() {
        return seen;
    }

    /** What the tightest sequence had left at the last look, 0 to 1; empty when that is not known. */
    OptionalDouble sequencesLeft() {
        return binding.now().map(all -> all.gates().sequencesLeft()).orElseGet(OptionalDouble::empty);
    }

    /** The pause that is to be expected, as it was foreseen at the last look; empty while nothing was measured. */
    Optional<PauseForecast> forecast() {
        return binding.now().flatMap(all -> all.gates().forecast());
    }
}
