package io.viridian.control;

import io.viridian.plan.Finding;
import java.util.List;

/**
 * What will happen, in order.
 *
 * @param hash pins the definition
 */
public record PlanView(String what, String hash, List<Step> steps, List<Finding> findings) {
    public PlanView {
        steps = List.copyOf(steps);
        findings = List.copyOf(findings);
    }

    /**
     * One step.
     *
     * @param estimate size or duration, for people; may be empty
     */
    public record Step(String name, String does, List<String> statements, String estimate) {
        public Step {
            statements = List.copyOf(statements);
        }
    }
}
