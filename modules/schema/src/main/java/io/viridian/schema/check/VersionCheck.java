package io.viridian.schema.check;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.List;

/** The versions are among those that the protocol was tried on, and green is not older than blue. */
final class VersionCheck implements Check {
    private static final int OLDEST = 14;
    private static final int NEWEST = 18;

    @Override
    public String id() {
        return "version";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        List<Finding> findings = new ArrayList<>();
        for (Side side : Side.values()) {
            refuseUnknown(side, of(context, side), findings);
        }
        int blue = of(context, Side.BLUE);
        int green = of(context, Side.GREEN);
        if (green < blue) {
            findings.add(Finding.warning(
                    "green.version",
                    "green",
                    "green (PostgreSQL " + green + ") is older than blue (PostgreSQL " + blue
                            + "): types, functions or settings of blue may be missing",
                    ""));
        }
        return findings;
    }

    static void refuseUnknown(Side side, int version, List<Finding> findings) {
        if (version < OLDEST || version > NEWEST) {
            findings.add(Finding.refused(
                    side.text() + ".version",
                    side.text(),
                    side.text() + " runs PostgreSQL " + version + "; Viridian knows " + OLDEST + " to " + NEWEST,
                    "upgrade the server to one of these"));
        }
    }

    /** The major version of a side. */
    static int of(CheckContext context, Side side) {
        return context.on(side).query(VersionCheck::of);
    }

    static int of(Session session) {
        return session.<Integer>one(
                "select current_setting('server_version_num')::int / 10000", row -> (int) row.number(1));
    }
}
