package io.viridian.schema.check;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.postgres.Session;
import java.util.ArrayList;
import java.util.List;

/** Every side whose changes are streamed has room for our slots, and keeps them however long it takes. */
final class SlotCapacityCheck implements Check {
    /** The stream's own, and a temporary one while the slot of another attempt is still being given up. */
    private static final int NEEDED = 2;

    private static final String SLOTS =
            "select current_setting('max_replication_slots')::int, count(*) from pg_replication_slots";

    /** The view names every walsender even to those who may not see what it does. */
    private static final String SENDERS =
            "select current_setting('max_wal_senders')::int, count(*) from pg_stat_replication";

    private static final String LIMITS = """
            select name, setting || coalesce(unit, '') from pg_settings
            where name = 'max_slot_wal_keep_size' and setting <> '-1'
               or name = 'idle_replication_slot_timeout' and setting <> '0'
            """;

    @Override
    public String id() {
        return "slot-capacity";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        List<Finding> findings = new ArrayList<>();
        for (Side side : context.sources()) {
            context.on(side).run(session -> {
                if (!context.begun()) {
                    refuseFull(session, side, SLOTS, "max_replication_slots", findings);
                    refuseFull(session, side, SENDERS, "max_wal_senders", findings);
                }
                findings.addAll(session.list(LIMITS, row -> limit(side, row.text(1), row.text(2))));
            });
        }
        return findings;
    }

    private static void refuseFull(Session session, Side side, String sql, String setting, List<Finding> findings) {
        long[] counts = session.one(sql, row -> new long[] {row.number(1), row.number(2)});
        long most = counts[0];
        long used = counts[1];
        if (most - used < NEEDED) {
            findings.add(Finding.refused(
                    side.text() + "." + (setting.equals("max_wal_senders") ? "wal-senders" : "replication-slots"),
                    setting,
                    setting + " on " + side.text() + " is " + most + " and " + used + " are in use; " + NEEDED
                            + " must be free",
                    "alter system set " + setting + " = " + (used + NEEDED) + "; -- then restart " + side.text()));
        }
    }

    private static Finding limit(Side side, String setting, String value) {
        return Finding.warning(
                side.text() + ".slot-limit",
                setting,
                setting + " on " + side.text() + " is " + value
                        + ": a slot that falls behind further is lost, and the migration with it",
                "alter system set " + setting + " = " + (setting.equals("max_slot_wal_keep_size") ? "-1" : "0")
                        + "; select pg_reload_conf();");
    }
}
