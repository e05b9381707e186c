package io.viridian.fault;

import static io.viridian.fault.Retry.AFTER_MENDING;
import static io.viridian.fault.Retry.AUTOMATIC;
import static io.viridian.fault.Retry.NEVER;

/**
 * Every way in which the world can fail us, with what the operator can do about it. {@code docs/reference/faults.md} is
 * made from this list, and exit codes, HTTP problem bodies and metric labels use the same names.
 */
public enum FaultCode {
    USAGE(2, NEVER, "Correct the command or the configuration as the message says."),
    CONFIGURATION_INVALID(2, AFTER_MENDING, "Correct the named keys; `viridian config validate` checks all of them."),
    NOT_YET(2, NEVER, "This form is planned but not built; the message names what works today instead."),

    PREFLIGHT_REFUSED(3, AFTER_MENDING, "Run `viridian check` and carry out the SQL it prints for each finding."),
    GATE_REFUSED(3, AFTER_MENDING, "Run `viridian gates` and mend what is not passing."),
    PLAN_REFUSED(3, AFTER_MENDING, "Correct the mapping as the message says; `viridian plan` shows the effect."),
    PLAN_CHANGED(
            3, AFTER_MENDING, "Put back the configuration and mapping of the running plan, or abort and start again."),
    SCHEMA_FAILED(3, AFTER_MENDING, "Correct the changelog or green's database as the message says, then resume."),

    CONFLICT(4, AFTER_MENDING, "Wait for the operation that is running, or look at it with `viridian status`."),
    HELD_BY_ANOTHER(4, AUTOMATIC, "Another daemon holds this migration. Stop it, or let it work."),
    NOT_ALLOWED(5, AFTER_MENDING, "Use a token whose role allows this action."),

    BLUE_UNREACHABLE(6, AUTOMATIC, "Check host, port, network and that blue runs."),
    BLUE_REFUSED(
            6, AFTER_MENDING, "Check user, password, pg_hba.conf, TLS settings and the database name of blue.url."),
    BLUE_FAILED(6, AFTER_MENDING, "Look at blue's server log for the named SQLSTATE."),
    BLUE_BUSY(6, AUTOMATIC, "Blue ended the transaction to resolve a lock or serialisation conflict."),
    JOURNAL_UNREACHABLE(6, AFTER_MENDING, "Have the journal's database answer again, then try again."),
    GREEN_UNREACHABLE(7, AUTOMATIC, "Check host, port, network and that green runs."),
    GREEN_REFUSED(
            7, AFTER_MENDING, "Check user, password, pg_hba.conf, TLS settings and the database name of green.url."),
    GREEN_FAILED(7, AFTER_MENDING, "Look at green's server log for the named SQLSTATE."),
    GREEN_BUSY(7, AUTOMATIC, "Green ended the transaction to resolve a lock or serialisation conflict."),

    SLOT_LOST(
            6,
            NEVER,
            "The slot is gone or no longer reserves its WAL: changes are missing. Abort, and start the migration anew."),
    SLOT_IN_USE(6, AUTOMATIC, "Another connection uses the slot; the daemon takes over when that one ends."),
    SLOT_MOVED(6, NEVER, "Somebody else advanced the slot: changes are missing. Abort, and start the migration anew."),
    PUBLICATION_CHANGED(
            6,
            NEVER,
            "Somebody changed what is published to us: rows may be missing. Abort, and start the migration anew; behind a"
                    + " cutover only the way back is lost."),
    SLOT_GIVEN_UP(
            6,
            NEVER,
            "The slot was dropped rather than blue's disk filled. Abort, mend what kept green from following, and start"
                    + " the migration anew."),
    LOG_FORKED(
            6,
            NEVER,
            "The source failed over and lost transactions that the target has. Abort, and start the migration anew; behind"
                    + " a cutover only the way back is lost."),
    STREAM_BROKEN(
            6,
            AUTOMATIC,
            "The replication connection ended; the daemon connects again and goes on from the confirmed position."),
    STREAM_UNEXPECTED(6, NEVER, "The change stream holds what the plan does not know. Keep the log and report it."),
    SCHEMA_CHANGED(
            3,
            NEVER,
            "Blue's schema changed under the migration, and the stream cannot pass that place. Abort, and begin anew."),

    ROW_REFUSED(
            7,
            AFTER_MENDING,
            "Green refuses the named row. Mend the mapping, green's schema or the row on blue, then resume."),
    APPLY_CONFLICT(
            7,
            AFTER_MENDING,
            "A row on the target is not as the stream left it: somebody else wrote there. Run `viridian verify`."),
    CANARY_REFUSED(
            3,
            AFTER_MENDING,
            "Both sides can be written only where either side's row can take the place of the other's; do without a canary"
                    + " where the message names what cannot be mended."),
    CANARY_CONFLICT(
            4,
            AFTER_MENDING,
            "Green is closed. Look at both rows, then say which is to stay: `viridian canary stop --conflicts POLICY`."),
    CANARY_BROKEN(4, AFTER_MENDING, "Green is closed. Mend what the message names, then `viridian resume`."),
    CHUNK_FAILED(
            7,
            AFTER_MENDING,
            "A chunk could not be copied in the allowed attempts; the message names the last reason."),
    SPOOL_FAILED(
            1,
            AUTOMATIC,
            "Make room in apply.spool-dir, or name another. Until the daemon starts anew the source keeps large"
                    + " transactions on its own disk."),
    MEMORY_EXCEEDED(1, AFTER_MENDING, "Raise apply.memory, or let the writers pause for a moment."),

    VERIFY_MISMATCH(12, AFTER_MENDING, "Look at `viridian diff`; find who wrote, mend the rows, then verify again."),
    VERIFY_UNFINISHED(9, AUTOMATIC, "The pass could not reach an exact pair of points in time; it is tried again."),

    LOCK_TIMEOUT(9, AUTOMATIC, "End or shorten the transactions named in the message, then try again."),
    DRAIN_TIMEOUT(9, AUTOMATIC, "Let the lag fall, then try again; `viridian status` shows it."),
    BUDGET_EXCEEDED(
            9,
            AFTER_MENDING,
            "The write pause would have passed its budget; everything was undone. Rehearse to see the parts."),
    REVERSE_UNPROVEN(
            9, AUTOMATIC, "The reverse stream did not answer in time; look at green's slot and at `viridian status`."),
    TIMED_OUT(9, AUTOMATIC, "Look at `viridian status`; what was asked may still be going on."),
    TRAFFIC_FAILED(
            8,
            AFTER_MENDING,
            "The switcher named in the message failed; ownership has moved. Mend it; the daemon tries again."),
    OUTCOME_UNKNOWN(
            10, AUTOMATIC, "The answer of the deciding commit was lost. The daemon reads it back; do nothing by hand."),
    FENCE_LOST(
            10,
            AFTER_MENDING,
            "The side that does not own had forgotten that it handed over, and is closed again. Find what was written on"
                    + " it meanwhile, carry it over, then `viridian resume`."),
    OWNERSHIP_IMPOSSIBLE(10, NEVER, "Both sides claim to be the owner. Stop the writers and call for help."),
    ROLLBACK_IMPOSSIBLE(3, NEVER, "The way back is closed; `viridian status` says since when and why."),

    BUG(1, NEVER, "Keep the log and report it.");

    private final int exitCode;
    private final Retry retry;
    private final String remedy;

    FaultCode(int exitCode, Retry retry, String remedy) {
        this.exitCode = exitCode;
        this.retry = retry;
        this.remedy = remedy;
    }

    /** The exit code of the command line for this fault, as the contract lists them. */
    public int exitCode() {
        return exitCode;
    }

    public Retry retry() {
        return retry;
    }

    /** One or two sentences for the operator. */
    public String remedy() {
        return remedy;
    }
}
