package io.viridian.daemon.metrics;

import java.util.List;

/** Every metric of the contract, by the name that Prometheus shows after {@code viridian_}. */
public enum Metric {
    BUILD_INFO("build_info", Kind.GAUGE, by("version", "migration"), "Always 1; which program runs which migration."),
    MIGRATION_STATE(
            "migration_state", Kind.GAUGE, by("state"), "1 for the state the migration is in, 0 for all others."),
    OWNER("owner", Kind.GAUGE, by("side"), "1 for the side that owns the writes: blue, green or none."),
    LEADER("leader", Kind.GAUGE, by(), "1 while this daemon is the one that moves the migration."),

    REPLICATION_LAG_BYTES(
            "replication_lag_bytes",
            Kind.GAUGE,
            by("direction"),
            "From the source's current log position to what is committed on the target."),
    REPLICATION_LAG_SECONDS(
            "replication_lag_seconds",
            Kind.GAUGE,
            by("direction"),
            "Age of the newest heartbeat seen on the target; absent before the first."),
    HEARTBEAT_APPLIED_TIMESTAMP_SECONDS(
            "heartbeat_applied_timestamp_seconds",
            Kind.GAUGE,
            by("direction"),
            "The source's clock at that heartbeat."),
    REVERSE_LAG_SECONDS(
            "reverse_lag_seconds", Kind.GAUGE, by(), "The lag of the stream that carries green's writes to blue."),
    SLOT_RETAINED_BYTES(
            "slot_retained_bytes", Kind.GAUGE, by("side"), "Log that a side keeps for our replication slot."),
    SLOT_SAFE_WAL_BYTES(
            "slot_safe_wal_bytes",
            Kind.GAUGE,
            by("side"),
            "Log that may still be written before the server gives up the slot; absent without max_slot_wal_keep_size."),

    SLOT_GIVE_UP_BYTES(
            "slot_give_up_bytes",
            Kind.GAUGE,
            by("side"),
            "Log at which our slot is dropped rather than the disk of the side filled that serves the applications."),

    APPLY_TRANSACTIONS_TOTAL(
            "apply_transactions_total", Kind.COUNTER, by("direction"), "Source transactions committed on the target."),
    APPLY_ROWS_TOTAL(
            "apply_rows_total",
            Kind.COUNTER,
            by("direction", "op"),
            "Row changes committed on the target; op is `all` until they are counted apart."),
    APPLY_CONFLICTS_TOTAL(
            "apply_conflicts_total",
            Kind.COUNTER,
            by("direction", "kind", "outcome"),
            "Rows that both sides had changed while both were writable, by the way the row went that stays."),
    APPLY_BYTES_TOTAL("apply_bytes_total", Kind.LATER, by(), "Bytes of row changes committed on the target."),
    APPLY_ERRORS_TOTAL("apply_errors_total", Kind.LATER, by("code"), "Faults that stopped a lane, by code."),
    APPLY_WINDOW_SECONDS("apply_window_seconds", Kind.LATER, by(), "How long windows take from begin to commit."),
    QUEUE_BYTES("queue_bytes", Kind.GAUGE, by("direction"), "Decoded changes that wait in memory."),
    SPOOL_BYTES(
            "spool_bytes",
            Kind.GAUGE,
            by("direction"),
            "Changes of transactions that are still open on the source, waiting in memory and in files."),

    BACKFILL_ROWS_TOTAL("backfill_rows_total", Kind.COUNTER, by(), "Rows copied by the initial load."),
    BACKFILL_BYTES(
            "backfill_bytes", Kind.GAUGE, by("kind"), "Size of the initial load: `done`, and `estimated` in all."),
    BACKFILL_CHUNKS("backfill_chunks", Kind.GAUGE, by("state"), "Chunks of the initial load that are `done`."),
    THROTTLE_ACTIVE("throttle_active", Kind.GAUGE, by("reason"), "1 for each reason to go slower; absent without one."),

    VERIFY_ROWS_TOTAL(
            "verify_rows_total",
            Kind.COUNTER,
            by("result"),
            "Rows compared, `equal` or `different`, of the verifications that were the last one when somebody looked."),
    VERIFY_LAST_CLEAN_TIMESTAMP_SECONDS(
            "verify_last_clean_timestamp_seconds",
            Kind.GAUGE,
            by(),
            "End of the last verification without a difference."),
    GATE_STATUS(
            "gate_status", Kind.GAUGE, by("gate"), "1 while the gate passes, 0 while it refuses or cannot be read."),
    GATE_OVERRIDDEN(
            "gate_overridden",
            Kind.GAUGE,
            by("gate"),
            "1 while somebody has said that a switch may go ahead whatever this gate says, else 0."),
    GATE_OVERRIDES_TOTAL(
            "gate_overrides_total",
            Kind.COUNTER,
            by("gate"),
            "How often somebody has overridden this gate since the migration began, whether that still holds or not."),

    REFUSED_WRITES_TOTAL(
            "refused_writes_total",
            Kind.COUNTER,
            by("side"),
            "Statements that the closed guard of a side has refused since the migration was prepared."),
    CLOSED_SIDE_SESSIONS(
            "closed_side_sessions",
            Kind.GAUGE,
            by("side"),
            "Clients that are connected to the side that does not own the writes."),
    CUTOVER_ATTEMPTS_TOTAL(
            "cutover_attempts_total",
            Kind.COUNTER,
            by("result"),
            "Finished cutovers by status: succeeded, undone, failed."),
    WRITE_PAUSE_SECONDS(
            "write_pause_seconds",
            Kind.TIMER,
            by("type"),
            "How long nobody could write in a cutover, rollback or rehearsal; a histogram."),
    ROLLBACK_AVAILABLE(
            "rollback_available", Kind.GAUGE, by("kind"), "1 for lossless, lossy or impossible, whichever holds."),
    ROLLBACK_KEPT_UNTIL_TIMESTAMP_SECONDS(
            "rollback_kept_until_timestamp_seconds",
            Kind.GAUGE,
            by(),
            "When the way back will have been kept as long as reverse.keep-for asks; absent unless it is kept behind a"
                    + " switch."),
    SEQUENCE_MARGIN_RATIO(
            "sequence_margin_ratio",
            Kind.GAUGE,
            by(),
            "How much of its values the tightest sequence of the side that does not own the writes has left, from where the"
                    + " owner's stands: 1 for all, 0 for none. Absent without sequences, and when they cannot be read."),
    OPERATION_SECONDS(
            "operation_seconds", Kind.TIMER, by("type", "result"), "How long operations took from start to end."),

    HTTP_SERVER_REQUESTS_SECONDS(
            "http_server_requests_seconds",
            Kind.TIMER,
            by("method", "route", "status"),
            "Requests to the control API."),
    NOTIFICATION_DELIVERIES_TOTAL(
            "notification_deliveries_total", Kind.LATER, by("sink", "result"), "Notifications sent, by outcome.");

    private static final String PREFIX = "viridian_";

    private final String name;
    private final Kind kind;
    private final String labels;
    private final String meaning;

    Metric(String name, Kind kind, String labels, String meaning) {
        this.name = name;
        this.kind = kind;
        this.labels = labels;
        this.meaning = meaning;
    }

    /** What becomes of it in Prometheus. */
    public enum Kind {
        GAUGE,
        COUNTER,
        TIMER,
        /** In the contract; what it measures is not built yet, so it is not there at all. */
        LATER
    }

    /** As Prometheus shows it. */
    public String exposedName() {
        return PREFIX + name;
    }

    public Kind kind() {
        return kind;
    }

    public List<String> labels() {
        return labels.isEmpty() ? List.of() : List.of(labels.split(" ", -1));
    }

    /** One sentence for people. */
    public String meaning() {
        return meaning;
    }

    /** The name under which it is registered; Micrometer adds the unit of timers and the suffix of counters itself. */
    public String id() {
        String exposed = exposedName();
        String bare = switch (kind) {
            case COUNTER -> exposed.substring(0, exposed.length() - "_total".length());
            case TIMER -> exposed.substring(0, exposed.length() - "_seconds".length());
            case GAUGE, LATER -> exposed;
        };
        return bare.replace('_', '.');
    }

    private static String by(String... labels) {
        return String.join(" ", labels);
    }
}
