package io.viridian.cutover.gate;

import io.viridian.fault.FaultException;
import io.viridian.migration.Arming;
import io.viridian.migration.Gate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * All gates of one migration. Remembers when each one flipped, so one object lives as long as the daemon and is read
 * every few seconds. Any thread, one reading at a time.
 */
public final class Gates {
    private final GateParts parts;

    private final PausePredicted pause = new PausePredicted();

    private final SequencesReady sequences = new SequencesReady();

    private final List<Check> checks = checks(sequences, pause);

    private final Map<String, Gate> before = new HashMap<>();

    public Gates(GateParts parts) {
        this.parts = parts;
    }

    private static List<Check> checks(SequencesReady sequences, PausePredicted pause) {
        return List.of(
                new ReplicationHealthy(),
                new LagSeconds(),
                new LagStable(),
                new SlotSafe(),
                new BackfillComplete(),
                new VerificationFresh(),
                new VerificationClean(),
                new SchemaQuiet(),
                new LongestTransaction(),
                new NoLocks(),
                new NoPrepared(),
                sequences,
                new TargetReady(),
                new NoForeignWrites(),
                new ReverseProven(),
                new TrafficReachable(),
                pause,
                new WindowOpen());
    }

    /** Every gate that servers and streams decide, in the order of the contract, and why nobody may override it. */
    public static Map<String, String> firm() {
        Map<String, String> firm = new LinkedHashMap<>();
        checks(new SequencesReady(), new PausePredicted()).forEach(check -> firm.put(check.id(), check.firmBecause()));
        return firm;
    }

    /**
     * Reads all gates that apply now, in the order of the contract.
     *
     * @param armed whose terms take the place of the configured ones
     * @param own those that others decide, behind the rest
     */
    public synchronized List<Gate> read(GateFacts facts, Optional<Arming> armed, List<OwnGate> own)
            throws InterruptedException {
        Inquiry inquiry =
                new Inquiry(parts, facts, armed.map(parts.limits()::on).orElse(parts.limits()));
        List<Gate> gates = new ArrayList<>();
        for (Check check : checks) {
            Optional<Observation> seen = observe(check, inquiry);
            seen.ifPresent(observation -> gates.add(gate(check.id(), observation)));
        }
        own.forEach(one -> gates.add(gate(one.id(), one.observation())));
        return gates;
    }

    /** The pause that was foreseen when the gates were last read; empty while nothing was measured. */
    public Optional<PauseForecast> forecast() {
        return pause.last();
    }

    /**
     * What the tightest sequence of the side that does not own had left when the gates were last read, 0 to 1; empty
     * without sequences, and when they could not be read.
     */
    public OptionalDouble sequencesLeft() {
        return sequences.left();
    }

    private static Optional<Observation> observe(Check check, Inquiry inquiry) throws InterruptedException {
        try {
            return check.observe(inquiry);
        } catch (FaultException unreadable) {
            return Observation.of(
                    false,
                    "cannot be read: " + unreadable.fault().sentence(),
                    "readable",
                    unreadable.code().remedy());
        } catch (RuntimeException unreadable) {
            return Observation.of(false, "cannot be read: " + unreadable, "readable", "Keep the log and report it.");
        }
    }

    private Gate gate(String id, Observation seen) {
        Gate last = before.get(id);
        Instant since = last != null && last.passing() == seen.passing()
                ? last.since()
                : parts.clock().now();
        Gate gate = new Gate(id, seen.passing(), seen.value(), seen.limit(), seen.hint(), since);
        before.put(id, gate);
        return gate;
    }
}
