package io.viridian.cutover.gate;

import io.viridian.cutover.SequenceHeadroom;
import io.viridian.cutover.SequencePosition;
import io.viridian.fault.FaultException;
import io.viridian.plan.SequencePair;
import io.viridian.plan.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Every sequence of the target has room to continue its source's. */
final class SequencesReady implements Check {
    private volatile OptionalDouble left = OptionalDouble.empty();

    /** What the tightest sequence had left when the gates were last read, 0 to 1; empty when that is not known. */
    OptionalDouble left() {
        return left;
    }

    @Override
    public String id() {
        return "sequences.ready";
    }

    @Override
    public String firmBecause() {
        return "the step SEQUENCES refuses whatever is said here, because a sequence without room gives "
                + "out numbers twice";
    }

    @Override
    public Optional<Observation> observe(Inquiry inquiry) {
        left = OptionalDouble.empty();
        List<SequencePosition> from = positions(inquiry, inquiry.source());
        List<SequencePosition> to = positions(inquiry, inquiry.target());
        long sessions = inquiry.ask(inquiry.source(), SequencePosition::sessions);
        SequenceHeadroom headroom = new SequenceHeadroom(inquiry.parts().sequenceHeadroom(), sessions);
        List<String> refused = new ArrayList<>();
        for (int index = 0; index < from.size(); index++) {
            try {
                headroom.next(from.get(index), to.get(index));
            } catch (FaultException full) {
                refused.add(full.fault().detail());
            }
        }
        left = IntStream.range(0, from.size())
                .mapToDouble(index -> SequenceHeadroom.left(from.get(index), to.get(index)))
                .min();
        return Observation.of(
                refused.isEmpty(),
                refused.isEmpty() ? from.size() + " can continue" : String.join("; ", refused),
                "all can continue",
                "Give the sequence a larger type or MAXVALUE on "
                        + inquiry.target().text() + ".");
    }

    private static List<SequencePosition> positions(Inquiry inquiry, Side side) {
        List<SequencePair> pairs = inquiry.plan().sequences();
        return inquiry.ask(
                side,
                session -> SequencePosition.read(
                        session, pairs.stream().map(pair -> pair.on(side)).toList()));
    }
}
