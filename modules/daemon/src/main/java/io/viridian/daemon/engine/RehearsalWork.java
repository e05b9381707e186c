package io.viridian.daemon.engine;

import io.viridian.cutover.MeasuredPause;
import io.viridian.cutover.Rehearsal;
import io.viridian.migration.SwitchAttempt;
import io.viridian.plan.Direction;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;

/** Rehearses a switch as often as asked, and remembers the longest pause. The conductor's thread. */
final class RehearsalWork {
    /** Writers catch up with what they could not do meanwhile, so that the next rehearsal meets an ordinary load. */
    private static final Duration BETWEEN = Duration.ofSeconds(1);

    private final EngineParts parts;
    private final Binding binding;
    private final ProofWork proof;
    private final MeasuredPauses pauses;
    private final LongSupplier ownershipEpoch;
    private final Waiter waiter = new Waiter();

    /**
     * Nothing is rehearsed yet.
     *
     * @param ownershipEpoch asks the servers
     */
    RehearsalWork(
            EngineParts parts, Binding binding, ProofWork proof, MeasuredPauses pauses, LongSupplier ownershipEpoch) {
        this.parts = parts;
        this.binding = binding;
        this.proof = proof;
        this.pauses = pauses;
        this.ownershipEpoch = ownershipEpoch;
    }

    Rehearsals run(Direction direction, Map<String, String> parameters) throws InterruptedException {
        Bound all = binding.require();
        Rehearsals rehearsals = Rehearsals.asked(parameters);
        for (int done = 0; done < rehearsals.times(); done++) {
            if (done > 0) {
                waiter.await(BETWEEN);
            }
            proof.proveTouched(direction, true);
            int rows = all.streams().require(direction).touchedKeys().orElse(0);
            Rehearsal one = all.switchover()
                    .rehearse(
                            direction, new SwitchAttempt(UUID.randomUUID().toString(), ownershipEpoch.getAsLong(), ""));
            rehearsals.add(
                    new MeasuredPause(parts.clock().now(), true, direction, one.writePause(), one.durations(), rows));
        }
        pauses.add(rehearsals.longest());
        return rehearsals;
    }
}
