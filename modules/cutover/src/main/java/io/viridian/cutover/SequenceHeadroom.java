package io.viridian.cutover;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import java.util.Optional;

/**
 * Where a sequence of the new side has to continue. A pure function of both positions.
 *
 * @param valuesMin values that are skipped at least
 * @param sessions sessions that may take a cache full of values while the tables are locked
 */
public record SequenceHeadroom(long valuesMin, long sessions) {
    /**
     * The value that the target must be set to, or empty when it is there or further, or when the source was never
     * used. Keeps to the source's steps, so that sequences that share a number range by odd and even go on doing so.
     *
     * @throws FaultException with GATE_REFUSED naming the sequence when the target has no room, or counts the other way
     */
    public Optional<Long> next(SequencePosition from, SequencePosition to) {
        if (!from.called()) {
            return Optional.empty();
        }
        if (from.ascending() != to.ascending()) {
            throw refused(to, "counts " + (to.ascending() ? "up" : "down") + ", but " + from.name() + " does not");
        }
        long wanted = wanted(from, to);
        // A sequence that was never called hands its value out next: it stands one step before it.
        boolean there = to.ascending()
                ? to.last() > wanted || (to.called() && to.last() == wanted)
                : to.last() < wanted || (to.called() && to.last() == wanted);
        return there ? Optional.empty() : Optional.of(wanted);
    }

    /**
     * How much of its values the target has left from where the source stands, 0 to 1; all of them when it begins anew
     * at its end.
     */
    public static double left(SequencePosition from, SequencePosition to) {
        if (to.cycle()) {
            return 1;
        }
        double all = (double) to.max() - to.min() + 1;
        double ahead = to.ascending() ? (double) to.max() - from.last() : (double) from.last() - to.min();
        return Math.clamp(ahead / all, 0, 1);
    }

    private long wanted(SequencePosition from, SequencePosition to) {
        try {
            long values = Math.max(valuesMin, Math.multiplyExact(from.cache(), sessions));
            long wanted = Math.addExact(from.last(), Math.multiplyExact(values, from.increment()));
            boolean fits = wanted >= to.min() && wanted <= to.max();
            if (fits) {
                return wanted;
            }
            if (to.cycle()) {
                // Its values come again anyway: where it is, is where it goes on.
                return Math.clamp(from.last(), to.min(), to.max());
            }
        } catch (ArithmeticException overflow) {
            throw refused(
                    to, "cannot be set past " + from.last() + " of " + from.name() + ": " + overflow.getMessage());
        }
        throw refused(
                to,
                "has no room: " + from.name() + " stands at " + from.last() + " with steps of " + from.increment()
                        + ", and " + to.name() + " ends at " + (to.ascending() ? to.max() : to.min()));
    }

    private static FaultException refused(SequencePosition sequence, String why) {
        return Fault.about(
                        FaultCode.GATE_REFUSED, sequence.name().toString(), "sequence " + sequence.name() + " " + why)
                .asException();
    }
}
