package io.viridian.cutover;

import io.viridian.fault.CrashPoint;
import io.viridian.migration.SwitchStep;
import io.viridian.plan.SequenceName;
import io.viridian.plan.SequencePair;
import io.viridian.postgres.Session;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * SEQUENCES: moves each sequence of the target past everything that its source may have handed out, or each of several
 * sources. The locks do not stop nextval(), so some headroom is left for calls made meanwhile. Only ever forward, so
 * doing it twice, or undoing the attempt afterwards, costs a few values and nothing else.
 */
final class Sequences implements Step {
    private static final String MOVE = """
            select setval(m.name::regclass, m.value::bigint)
            from unnest(?::text[], ?::text[]) as m(name, value)
            """;

    @Override
    public void perform(Crossing crossing) {
        List<SequencePair> pairs = crossing.parts().plan().sequences();
        if (!pairs.isEmpty()) {
            Fence fence = crossing.fence();
            List<SequencePosition> from =
                    crossing.bounded(SwitchStep.SEQUENCES, fence.source(), () -> positions(fence.source(), pairs));
            long sessions = crossing.bounded(
                    SwitchStep.SEQUENCES, fence.source(), () -> SequencePosition.sessions(fence.source()));
            crossing.bounded(
                    SwitchStep.SEQUENCES,
                    fence.target(),
                    () -> move(
                            fence.target(),
                            from,
                            positions(fence.target(), pairs),
                            new SequenceHeadroom(crossing.settings().sequenceHeadroom(), sessions)));
        }
        crossing.requireTime(SwitchStep.SEQUENCES);
        crossing.parts().failpoints().pass(CrashPoint.SWITCH_SEQUENCES_SET);
    }

    /** The same behind the commit point, on sessions of one's own. */
    static void move(Session source, Session target, SwitchParts parts) {
        List<SequencePair> pairs = parts.plan().sequences();
        if (!pairs.isEmpty()) {
            move(
                    target,
                    positions(source, pairs),
                    positions(target, pairs),
                    new SequenceHeadroom(parts.settings().sequenceHeadroom(), SequencePosition.sessions(source)));
        }
    }

    private static List<SequencePosition> positions(Session session, List<SequencePair> pairs) {
        List<SequenceName> names =
                pairs.stream().map(pair -> pair.on(session.side())).toList();
        return SequencePosition.read(session, names);
    }

    private static void move(
            Session target, List<SequencePosition> from, List<SequencePosition> to, SequenceHeadroom headroom) {
        Map<String, Long> moved = new LinkedHashMap<>();
        for (int index = 0; index < from.size(); index++) {
            SequencePosition one = to.get(index);
            headroom.next(from.get(index), one)
                    .ifPresent(value -> moved.merge(one.name().sql(), value, one.ascending() ? Math::max : Math::min));
        }
        if (!moved.isEmpty()) {
            target.list(MOVE, row -> true, (Object) moved.keySet().toArray(String[]::new), (Object)
                    moved.values().stream().map(String::valueOf).toArray(String[]::new));
        }
    }
}
