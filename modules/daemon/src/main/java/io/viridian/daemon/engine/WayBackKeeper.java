package io.viridian.daemon.engine;

import io.viridian.cutover.Ownership;
import io.viridian.cutover.OwnershipRows;
import io.viridian.daemon.config.ByteSize;
import io.viridian.migration.MigrationState;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import io.viridian.postgres.slot.SlotState;
import io.viridian.postgres.slot.Slots;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long, and at what price, the way back is kept behind a switch. That it was kept as long as was asked for is told;
 * only people end it. While blue is down, or refuses a row, green keeps the log for it: at the configured size that is
 * told, and at the next one the way back is closed, visibly and for ever, rather than green's disk filled. One thread
 * looks; getters for any.
 */
final class WayBackKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(WayBackKeeper.class);

    private final EngineParts parts;
    private final Happenings happenings;
    private final SlotEnd slotEnd;
    private volatile @Nullable ClosedWayBack closed;
    private volatile @Nullable Instant keptUntil;
    private boolean keptTold;
    private boolean fillingTold;

    WayBackKeeper(EngineParts parts, Happenings happenings) {
        this.parts = parts;
        this.happenings = happenings;
        this.slotEnd = new SlotEnd(parts, Direction.REVERSE);
    }

    /** What an earlier daemon closed. */
    void restore() {
        closed = ClosedWayBack.find(parts).orElse(null);
    }

    /** Why there is no way back any more; empty while there is. */
    Optional<String> closed() {
        return Optional.ofNullable(closed).map(ClosedWayBack::words);
    }

    /** When it has been kept as long as was asked for; empty unless writes are on green and it is kept. */
    Optional<Instant> keptUntil() {
        return Optional.ofNullable(keptUntil);
    }

    /** Whether it has been kept as long as was asked for. */
    boolean keptLongEnough() {
        return keptUntil().filter(end -> !parts.clock().now().isBefore(end)).isPresent();
    }

    /** Somebody dropped the slot: what green writes from now on cannot be led back. */
    void slotIsGone() {
        if (closed == null) {
            close(
                    new ClosedWayBack(
                            parts.green().query(Slots::currentWal),
                            "slot " + slotEnd.slot()
                                    + " of the way back is not on green any more, and this daemon did not "
                                    + "drop it"),
                    () -> {});
        }
    }

    /**
     * Looks once.
     *
     * @param since when the state began
     * @param slot as it was just read on green, if it was
     */
    void look(MigrationState state, Instant since, Optional<SlotState> slot, SlotEnd.Stream stream)
            throws InterruptedException {
        if (!behindASwitch(state)) {
            keptUntil = null;
            keptTold = false;
            fillingTold = false;
            return;
        }
        if (closed != null) {
            keptUntil = null;
            slotEnd.drop(stream);
            return;
        }
        keptUntil = since.plus(parts.settings().reverse().keepFor());
        tellWhenKept(since);
        if (slot.isPresent()) {
            bound(slot.get(), stream);
        }
    }

    /**
     * Looks while no daemon can begin to work because blue does not answer. The caller holds the lock on green, so no
     * other one is at work.
     */
    void lookWithoutBlue() throws InterruptedException {
        Optional<Ownership> row = parts.green().query(session -> OwnershipRows.read(session, parts.migration()));
        boolean owns = row.filter(one -> one.state() == Ownership.State.OPEN && one.owner() == Side.GREEN)
                .isPresent();
        Optional<SlotState> there = parts.green().query(session -> Slots.inspect(session, slotEnd.slot()));
        if (owns && there.isPresent()) {
            restore();
            if (closed == null) {
                bound(there.get(), () -> {});
            } else {
                slotEnd.drop(() -> {});
            }
        }
    }

    private static boolean behindASwitch(MigrationState state) {
        return state instanceof MigrationState.Switched
                || (state instanceof MigrationState.Halted halted
                        && halted.during() instanceof MigrationState.Switched);
    }

    private void tellWhenKept(Instant since) {
        if (keptTold || !keptLongEnough()) {
            return;
        }
        keptTold = true;
        boolean earlier = happenings.newest().stream()
                .anyMatch(event ->
                        event.type().equals("way-back.kept") && event.at().isAfter(since));
        if (!earlier) {
            happenings.tell(
                    "way-back.kept",
                    "the way back has been kept since " + since
                            + ", as long as reverse.keep-for asks; it goes on until "
                            + "somebody ends it with `viridian finalize`");
        }
    }

    private void bound(SlotState slot, SlotEnd.Stream stream) throws InterruptedException {
        ByteSize warned = parts.settings().protectGreen().maxSlotWal();
        ByteSize most = parts.settings().protectGreen().giveUpSlotWal();
        if (slot.retainedBytes() > most.bytes()) {
            close(
                    new ClosedWayBack(
                            slot.confirmed(),
                            "green kept " + mebibytes(slot.retainedBytes()) + " of log for the way back, more than "
                                    + "protect-green.give-up-slot-wal (" + most + ") allows"),
                    stream);
        } else if (slot.retainedBytes() > warned.bytes() && !fillingTold) {
            fillingTold = true;
            String words =
                    "green keeps " + mebibytes(slot.retainedBytes()) + " of log for the way back, which has come as "
                            + "far as " + slot.confirmed() + "; at " + most
                            + " the way back is closed rather than green's disk "
                            + "filled (protect-green.give-up-slot-wal). Is blue there?";
            LOG.warn("{}", words);
            happenings.tell("way-back.filling", words);
        } else if (slot.retainedBytes() < warned.bytes() / 2) {
            fillingTold = false;
        }
    }

    private static String mebibytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }

    /** The note first: a daemon that dies in between finds it, and drops the slot. */
    private void close(ClosedWayBack mark, SlotEnd.Stream stream) {
        mark.note(parts);
        closed = mark;
        keptUntil = null;
        LOG.error("The way back is closed: {}. `viridian finalize` is what is left.", mark.words());
        try {
            slotEnd.drop(stream);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        // Last, because where the journal lies on a blue that is down this takes its time.
        happenings.tell("way-back.closed", mark.words());
    }
}
