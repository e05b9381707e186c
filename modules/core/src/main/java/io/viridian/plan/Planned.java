package io.viridian.plan;

import java.util.List;

/** A plan and what was found on the way; with a refusal among the findings the plan must not be carried out. */
public record Planned(Plan plan, List<Finding> findings) {
    public Planned {
        findings = List.copyOf(findings);
    }

    public boolean refused() {
        return findings.stream().anyMatch(Finding::refuses);
    }
}
