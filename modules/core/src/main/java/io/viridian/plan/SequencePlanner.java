package io.viridian.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Pairs green's sequences with the blue ones they continue: by the mapping's lines, else by the same name. */
final class SequencePlanner {
    private final PlanRequest request;
    private final List<Finding> findings;

    SequencePlanner(PlanRequest request, List<Finding> findings) {
        this.request = request;
        this.findings = findings;
    }

    List<SequencePair> pairs() {
        List<SequencePair> pairs = new ArrayList<>();
        Map<SequenceName, SequenceName> named = request.mapping().sequences();
        named.forEach((green, blue) -> {
            if (!request.blue().hasSequence(blue)) {
                findings.add(unknown("blue", blue));
            } else if (!request.green().hasSequence(green) && request.greenComplete()) {
                findings.add(unknown("green", green));
            } else {
                pairs.add(new SequencePair(blue, green));
            }
        });
        for (SequenceName blue : request.blue().sequences()) {
            boolean onGreen = request.green().hasSequence(blue);
            if (!named.containsKey(blue) && !named.containsValue(blue) && onGreen) {
                pairs.add(new SequencePair(blue, blue));
            }
        }
        pairs.sort(
                (one, other) -> one.green().toString().compareTo(other.green().toString()));
        return pairs;
    }

    private static Finding unknown(String side, SequenceName name) {
        return Finding.refused(
                "mapping.unknown-sequence",
                name.toString(),
                side + " has no sequence " + name,
                "correct the name under sequences:");
    }
}
