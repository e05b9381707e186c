package io.viridian.schema.check;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import java.util.ArrayList;
import java.util.List;

/** Every side whose changes are streamed writes them to its log (manual 14-18, section 20.5.1). */
final class WalLevelCheck implements Check {
    @Override
    public String id() {
        return "wal-level";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        List<Finding> findings = new ArrayList<>();
        for (Side side : context.sources()) {
            String level = context.on(side).query(session -> session.one("show wal_level", row -> row.text(1)));
            if (!level.equals("logical")) {
                findings.add(Finding.refused(
                        side.text() + ".wal-level",
                        "wal_level",
                        "wal_level on " + side.text() + " is " + level + ", needed is logical",
                        "alter system set wal_level = 'logical'; -- then restart " + side.text()));
            }
        }
        return findings;
    }
}
