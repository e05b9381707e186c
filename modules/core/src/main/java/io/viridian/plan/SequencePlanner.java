package io.viridian.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
        Map<SequenceName, List<SequenceName>> named = request.mapping().sequences();
        Set<SequenceName> continued = new HashSet<>();
        named.forEach((green, blue) -> {
            continued.addAll(blue);
            pairs.addAll(named(green, blue));
        });
        for (SequenceName blue : request.blue().sequences()) {
            boolean onGreen = request.green().hasSequence(blue);
            if (!named.containsKey(blue) && !continued.contains(blue) && onGreen) {
                pairs.add(new SequencePair(blue, blue));
            }
        }
        pairs.sort(Comparator.comparing((SequencePair pair) -> pair.green().toString())
                .thenComparing(pair -> pair.blue().toString()));
        return pairs;
    }

    private List<SequencePair> named(SequenceName green, List<SequenceName> continues) {
        if (!request.green().hasSequence(green) && request.greenComplete()) {
            findings.add(unknown("green", green));
            return List.of();
        }
        List<SequencePair> pairs = new ArrayList<>();
        for (SequenceName blue : continues) {
            if (request.blue().hasSequence(blue)) {
                pairs.add(new SequencePair(blue, green));
            } else {
                findings.add(unknown("blue", blue));
            }
        }
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
