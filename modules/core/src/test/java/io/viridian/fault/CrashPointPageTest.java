package io.viridian.fault;

import io.viridian.pages.GeneratedPage;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class CrashPointPageTest {
    @Test
    void theReferencePageHoldsEveryCrashPoint() {
        GeneratedPage.named("reference/crash-points.md").mustBe("""
                # Crash points

                Made from `io.viridian.fault.CrashPoint`; a test compares.

                The places between two effects at which the daemon may die, in the order in which a run passes them. The list is the list
                of boundaries: `CrashAtEveryBoundaryTest` lets a daemon die at each of them under writers, starts the next one, demands the
                same end, and fails for a point that no run passes.

                A real process dies there, as under `kill -9`, when it is started with `VIRIDIAN_CRASH_AT=SWITCH_AFTER_COMMIT_POINT`, or at
                the third time with `STREAM_AFTER_WINDOW_COMMIT:3`. With `VIRIDIAN_FREEZE_AT` it stands still there, as under
                `kill -STOP`, until it gets the signal CONT. Never set them where the data matters to anybody.

                | point | by then |
                |---|---|
                %s""".formatted(rows()));
    }

    private static String rows() {
        return Arrays.stream(CrashPoint.values())
                .map(point -> "| `%s` | %s |\n".formatted(point, byThen(point)))
                .collect(Collectors.joining());
    }

    /** A sentence about each; the compiler asks for the one that is missing. */
    private static String byThen(CrashPoint point) {
        return switch (point) {
            case PREPARE_JOURNAL_CREATED -> "The journal's tables exist and are empty.";
            case PREPARE_PLAN_PINNED -> "The plan's hash is pinned; no state is written yet.";
            case PREPARE_GREEN_SCHEMA_APPLIED -> "Green has its control schema and its tables.";
            case PREPARE_CONTROL_SCHEMAS_CREATED -> "Both sides have their ownership rows: blue open, green closed.";
            case PREPARE_GUARDS_CREATED -> "Indexes and constraints are off green's tables; both sides are guarded.";
            case PREPARE_PUBLICATION_CREATED -> "Both origins and blue's publication exist.";
            case PREPARE_FORWARD_SLOT_CREATED -> "The slot keeps blue's log, and green's progress row says from where.";
            case PREPARE_ROUTED_TO_BLUE -> "Every traffic switcher leads to blue.";
            case BACKFILL_CHUNK_PLANNED -> "The chunk is in the ledger as planned.";
            case BACKFILL_WINDOW_OPENED -> "The lane records what changes in the chunk's range.";
            case BACKFILL_SNAPSHOT_TAKEN -> "The chunk's snapshot is taken; no row was read.";
            case BACKFILL_ROWS_COPIED -> "The rows are on green; of a chunk of keys not committed.";
            case BACKFILL_KEY_BUILT -> "The key index of a table that was loaded whole is built.";
            case BACKFILL_MARKER_EMITTED -> "The chunk's marker is in blue's log.";
            case BACKFILL_BEFORE_MERGE_COMMIT -> "What the snapshot did not see is folded in; not committed.";
            case BACKFILL_AFTER_MERGE_COMMIT -> "Rows and ledger row are committed.";
            case BACKFILL_INDEXES_BUILT -> "Indexes and constraints are back on green's tables.";
            case BACKFILL_REVERSE_CREATED -> "Publication and slot of the way back exist on green.";
            case STREAM_BEFORE_WINDOW_COMMIT -> "A window's rows and the progress row are written, not committed.";
            case STREAM_AFTER_WINDOW_COMMIT -> "They are committed; blue was not told.";
            case STREAM_BEFORE_CONFIRM -> "A higher position may be confirmed to the source.";
            case STREAM_AFTER_CONFIRM -> "The stream was told; the source learns it with the next feedback.";
            case VERIFY_LANE_HELD -> "The lane stands still for an exact pair of points.";
            case VERIFY_BEFORE_RESULT -> "Every table is compared; the result is not written.";
            case CANARY_INTENT_JOURNALED ->
                "The journal says that green may be opened besides blue; nothing is changed.";
            case CANARY_BLUE_READY -> "Blue's guard refuses what empties a table.";
            case CANARY_SEQUENCES_SET -> "Green's sequences stand a stretch ahead of blue's.";
            case CANARY_REVERSE_SET -> "Blue's progress row says from where green's changes are applied.";
            case CANARY_LANES_TURNED -> "Both lanes apply, with an arbiter between them; green is closed.";
            case CANARY_OPENED -> "Applications may write on both sides.";
            case CANARY_BEFORE_SETTLING ->
                "Rows of a conflict are written, behind locks on both sides; nothing is committed.";
            case CANARY_SETTLED -> "One side has committed its part: the rows, and the conflicts with both images.";
            case CANARY_CLOSING -> "The journal says that green is being closed; it is open.";
            case CANARY_CLOSED -> "Green is closed; what it has alone is under way.";
            case CANARY_DRAINED -> "Each side has what the other had.";
            case CANARY_PUT_BACK -> "Blue's guard lets everything pass again; the journal does not say so yet.";
            case SWITCH_INTENT_JOURNALED -> "The journal says that a switch begins; nothing is locked.";
            case SWITCH_FENCE_LOCKED -> "Every table of the owning side is locked; writers wait.";
            case SWITCH_MARKER_EMITTED -> "The fence's marker is in the log of the owning side.";
            case SWITCH_DRAINED -> "It came through the stream: the other side has everything.";
            case SWITCH_VERIFIED -> "What was touched since the last verification agrees.";
            case SWITCH_SEQUENCES_SET -> "The new side's sequences stand past those of the old.";
            case SWITCH_REVERSE_PROVEN -> "A marker came back through the stream of the other direction.";
            case SWITCH_BEFORE_COMMIT_POINT -> "Everything is proven; nothing is handed over.";
            case SWITCH_HANDED_OVER -> "The handing over is written; the transaction is not committed.";
            case SWITCH_AFTER_COMMIT_POINT -> "The old side is closed and has handed over; nobody can write.";
            case SWITCH_OPENED -> "The new side is open.";
            case SWITCH_ROUTED -> "Every traffic switcher was seen to lead to the new side.";
            case SWITCH_SETTLED -> "The operation is told; the state after the switch is not written.";
            case CLEANUP_LANES_STOPPED -> "No stream runs any more.";
            case CLEANUP_SLOTS_DROPPED -> "Slots, publications and origins are gone.";
            case CLEANUP_GREEN_REMOVED -> "Nothing of ours is on green.";
            case CLEANUP_TOMBSTONE_WRITTEN -> "The file says how it ended; the journal still exists.";
            case CLEANUP_BLUE_REMOVED -> "Nothing of ours is on blue, the journal included.";
        };
    }
}
