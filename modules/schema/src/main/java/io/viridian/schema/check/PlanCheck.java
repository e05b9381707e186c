package io.viridian.schema.check;

import io.viridian.plan.Finding;
import java.util.List;

/** What the planner found: tables and columns without a rule, columns nobody feeds, missing identities and keys. */
final class PlanCheck implements Check {
    @Override
    public String id() {
        return "plan";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        return context.planned().findings();
    }
}
