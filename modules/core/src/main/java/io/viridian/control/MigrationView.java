package io.viridian.control;

import io.viridian.migration.Consent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A migration at one moment, as every surface shows it.
 *
 * @param version changes whenever anything but what is measured changes; the basis of the ETag
 * @param state the contract's state name
 * @param step the step inside CUTTING_OVER and ROLLING_BACK, else empty
 * @param owner blue, green or none
 * @param flags paused(reason), throttled(reason) and the like
 * @param verification never, running, clean, stale or mismatch
 * @param rollback lossless, lossy or impossible, with a reason when it is not lossless
 * @param consents what people put their names to, oldest first: overrides, approvals, and both taken back
 * @param health how the application has done since the cutover; empty while nobody was asked
 * @param closed who has not left the side that does not own the writes; empty while neither is closed
 * @param fault why it is halted or what is being retried; empty when all is well
 * @param next what the operator can do now, one sentence each
 */
public record MigrationView(
        String migration,
        String version,
        String state,
        String step,
        String owner,
        String planHash,
        Instant stateSince,
        List<String> flags,
        LagView lag,
        BackfillView backfill,
        String verification,
        Optional<Duration> verificationAge,
        String rollback,
        List<Consent> consents,
        Optional<HealthView> health,
        Optional<ClosedView> closed,
        Optional<LagView> reverseLag,
        Optional<FaultView> fault,
        List<ActionView> actions,
        List<String> next) {

    /** The same under this version. */
    public MigrationView versioned(String as) {
        return new MigrationView(
                migration,
                as,
                state,
                step,
                owner,
                planHash,
                stateSince,
                flags,
                lag,
                backfill,
                verification,
                verificationAge,
                rollback,
                consents,
                health,
                closed,
                reverseLag,
                fault,
                actions,
                next);
    }

    /**
     * How far the target is behind.
     *
     * @param seconds by heartbeats seen on the target; empty when none was seen yet
     * @param bytes from the source's current log position to what is applied
     */
    public record LagView(Optional<Double> seconds, Optional<Long> bytes) {}

    /**
     * The initial load.
     *
     * @param totalBytes estimated from the tables' sizes
     * @param eta empty when it cannot be told yet
     */
    public record BackfillView(
            long rows, long bytes, long totalBytes, int tablesDone, int tables, Optional<Duration> eta) {}

    /**
     * How the application does behind a cutover.
     *
     * @param verdict passing, failing or inconclusive
     * @param value what whoever was asked said last
     * @param since when the verdict last changed
     * @param failures failing answers since the last passing one
     * @param inconclusive answers that said nothing
     * @param until when nobody is asked any more
     * @param failuresMost so many failing answers, and {@code onFailing} happens: tell or rollback
     */
    public record HealthView(
            String verdict,
            String value,
            Instant since,
            int failures,
            int inconclusive,
            Optional<Instant> until,
            int failuresMost,
            String onFailing) {}

    /**
     * The side on which nobody may write.
     *
     * @param refused statements that its guard has refused since the migration was prepared; empty where none counts
     * @param sessions of clients that are connected to it
     * @param clients the same by who they are, the most numerous first, twenty at most
     */
    public record ClosedView(String side, Optional<Long> refused, long sessions, List<ClientView> clients) {}

    /** Sessions of one role, under one application name, from one address. */
    public record ClientView(String role, String application, String address, long sessions) {}

    /** An operation that may be asked for now, or why not. */
    public record ActionView(String type, boolean allowed, String reason) {}

    /** A fault for people and scripts. */
    public record FaultView(
            String code, String detail, String object, String sqlState, boolean retryable, String fix) {}
}
