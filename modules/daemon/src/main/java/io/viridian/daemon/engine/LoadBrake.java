package io.viridian.daemon.engine;

import io.viridian.daemon.config.ByteSize;
import io.viridian.daemon.config.ProtectBlueSettings;
import io.viridian.fault.Fault;
import io.viridian.postgres.ServerLoad;
import io.viridian.replication.backfill.Brake;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the load back for blue's sake: no chunk is begun while our slot keeps more than it may, and the load is slow
 * while blue or its replicas are busy. One thread looks; whoever copies asks, and so do the surfaces.
 */
final class LoadBrake implements Brake {
    private static final Logger LOG = LoggerFactory.getLogger(LoadBrake.class);

    /** Of the size at which the load stops: a stream that has just caught up that far would stop it again at once. */
    private static final int GOES_ON_BELOW_PERCENT = 75;

    /** Blue's load goes up and down by the second; one line tells of all of that. */
    private static final Duration TOLD_EVERY = Duration.ofMinutes(10);

    private final EngineParts parts;
    private final Happenings happenings;
    private final Map<Reason, Instant> told = new EnumMap<>(Reason.class);
    private boolean blindTold;
    private volatile Map<Reason, String> reasons = Map.of();
    private volatile @Nullable Fault never;

    /** Why, in the words of flags and metrics. */
    enum Reason {
        SLOT_WAL("slot-wal"),
        ACTIVE_SESSIONS("active-sessions"),
        REPLICA_LAG("replica-lag");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    LoadBrake(EngineParts parts, Happenings happenings) {
        this.parts = parts;
        this.happenings = happenings;
    }

    @Override
    public Grip grip() {
        Fault why = never;
        if (why != null) {
            throw why.asException();
        }
        Map<Reason, String> now = reasons;
        if (now.isEmpty()) {
            return Grip.NONE;
        }
        return now.containsKey(Reason.SLOT_WAL) ? Grip.STOP : Grip.SLOW;
    }

    /** In the contract's words. */
    List<String> flags() {
        return reasons.keySet().stream()
                .map(reason -> "throttled(" + reason.text() + ")")
                .toList();
    }

    /** What is copied from here on could never be used. */
    void stopForEver(Fault why) {
        never = why;
        reasons = Map.of();
    }

    /** Nothing is being loaded. */
    void release() {
        reasons = Map.of();
    }

    /**
     * Looks once, while the load runs.
     *
     * @param retainedBytes of our slot
     */
    void look(long retainedBytes) {
        Map<Reason, String> before = reasons;
        Map<Reason, String> now = new EnumMap<>(Reason.class);
        slot(retainedBytes, before.containsKey(Reason.SLOT_WAL)).ifPresent(words -> now.put(Reason.SLOT_WAL, words));
        ProtectBlueSettings limits = parts.settings().protectBlue();
        if (limits.maxActiveSessions().isPresent() || limits.maxReplicaLag().isPresent()) {
            parts.blue()
                    .query(session -> ServerLoad.read(session, parts.blue().applicationName()))
                    .ifPresentOrElse(load -> busy(limits, load, now), this::tellBlind);
        }
        reasons = Collections.unmodifiableMap(now);
        now.forEach(this::tell);
        if (before.containsKey(Reason.SLOT_WAL) && !now.containsKey(Reason.SLOT_WAL)) {
            told.remove(Reason.SLOT_WAL);
            happenings.tell(
                    "backfill.goes-on",
                    "the stream has caught up: blue keeps " + (retainedBytes >> 20) + " MiB of log for us");
        }
    }

    private Optional<String> slot(long retainedBytes, boolean stopped) {
        ByteSize most = parts.settings().protectBlue().maxSlotWal();
        long limit = stopped ? most.bytes() / 100 * GOES_ON_BELOW_PERCENT : most.bytes();
        return retainedBytes > limit
                ? Optional.of("blue keeps " + (retainedBytes >> 20) + " MiB of log for us, more than "
                        + "protect-blue.max-slot-wal (" + most
                        + ") allows: no chunk is begun until the stream has caught up")
                : Optional.empty();
    }

    private static void busy(ProtectBlueSettings limits, ServerLoad load, Map<Reason, String> now) {
        limits.maxActiveSessions()
                .filter(most -> load.activeSessions() > most)
                .ifPresent(most -> now.put(
                        Reason.ACTIVE_SESSIONS,
                        load.activeSessions() + " sessions are active on blue beside ours, more than "
                                + "protect-blue.max-load.active-sessions (" + most + "): the load slows down"));
        limits.maxReplicaLag()
                .filter(most ->
                        load.replicaLag().filter(lag -> lag.compareTo(most) > 0).isPresent())
                .ifPresent(most -> now.put(
                        Reason.REPLICA_LAG,
                        "a replica of blue is "
                                + load.replicaLag().orElse(Duration.ZERO).toMillis()
                                + " ms behind, more than protect-blue.max-load.replica-lag (" + most.toMillis()
                                + " ms): the load slows down"));
    }

    private void tell(Reason reason, String words) {
        Instant now = parts.clock().now();
        Instant last = told.get(reason);
        if (last == null
                || (reason != Reason.SLOT_WAL && Duration.between(last, now).compareTo(TOLD_EVERY) > 0)) {
            told.put(reason, now);
            LOG.warn("{}", words);
            happenings.tell("backfill.held-back", words);
        }
    }

    private void tellBlind() {
        if (!blindTold) {
            blindTold = true;
            happenings.tell(
                    "backfill.not-throttled",
                    "the role may not see other sessions on blue, so protect-blue.max-load slows nothing down: grant "
                            + "pg_monitor to it");
        }
    }
}
