package io.viridian.daemon.engine;

import io.viridian.cutover.Ownership;
import io.viridian.cutover.OwnershipRows;
import io.viridian.daemon.config.ByteSize;
import io.viridian.fault.Ambiguity;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultException;
import io.viridian.migration.MigrationState;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import io.viridian.postgres.slot.SlotState;
import io.viridian.postgres.slot.Slots;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the migration may cost blue while blue serves the applications. The load is held back for its sake, and at the
 * configured size our slot is given up, visibly and for ever, rather than blue's disk filled. Only what blue has just
 * answered counts: who does not know how much is kept gives nothing up. One thread looks; getters for any.
 */
final class BlueKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(BlueKeeper.class);

    private final EngineParts parts;
    private final Happenings happenings;
    private final SourceWatch sources;
    private final SlotEnd.Stream stream;
    private final SlotEnd slotEnd;
    private final BooleanSupplier replaced;
    private final LoadBrake brake;
    private volatile boolean serving;
    private volatile @Nullable GivenUpSlot given;
    private boolean fillingTold;

    /**
     * @param stream of this process
     * @param replaced whether another daemon is known to have taken over, which looks itself
     */
    BlueKeeper(
            EngineParts parts,
            Happenings happenings,
            SourceWatch sources,
            SlotEnd.Stream stream,
            BooleanSupplier replaced) {
        this.parts = parts;
        this.happenings = happenings;
        this.sources = sources;
        this.stream = stream;
        this.slotEnd = new SlotEnd(parts, Direction.FORWARD);
        this.replaced = replaced;
        this.brake = new LoadBrake(parts, happenings);
    }

    /** What an earlier daemon gave up. */
    void restore() {
        GivenUpSlot.find(parts).ifPresent(this::stand);
    }

    /** What holds the load back. */
    LoadBrake brake() {
        return brake;
    }

    /** From here on it is this state that a slot that was given up keeps from going on. */
    void entered(MigrationState state) {
        serving = serves(state);
    }

    /** Why nothing follows blue any more; empty while our slot was not given up, or nothing is to follow blue. */
    Optional<Fault> standing() {
        return serving ? Optional.ofNullable(given).map(one -> one.fault(slotEnd.slot())) : Optional.empty();
    }

    /**
     * Returns while our slot was not given up; a slot that is gone is never made again behind anybody's back.
     *
     * @throws FaultException with SLOT_GIVEN_UP
     */
    void require() {
        standing().ifPresent(fault -> {
            throw fault.asException();
        });
    }

    /** Work that the dropped slot breaks off: why it was dropped is what is told, not what broke. */
    void namedIfGivenUp(Work work) throws InterruptedException {
        try {
            work.run();
        } catch (FaultException | Ambiguity broken) {
            Optional<Fault> why = standing();
            if (why.isPresent()) {
                throw why.get().asException(broken);
            }
            throw broken;
        }
    }

    /** Work that needs the slot. */
    interface Work {
        void run() throws InterruptedException;
    }

    /** Whether blue serves the applications in a state in which nobody switches. */
    static boolean serves(MigrationState state) {
        return switch (state) {
            case MigrationState.Preparing _,
                    MigrationState.Backfilling _,
                    MigrationState.CatchingUp _,
                    MigrationState.Ready _,
                    MigrationState.Armed _,
                    MigrationState.RolledBack _,
                    MigrationState.Canary _ -> true;
            case MigrationState.Halted halted -> serves(halted.during());
            case MigrationState.New _,
                    MigrationState.Preflight _,
                    MigrationState.Switching _,
                    MigrationState.Switched _,
                    MigrationState.Finalizing _,
                    MigrationState.Aborting _,
                    MigrationState.Final _ -> false;
        };
    }

    /** Looks once; asks green nothing. */
    void look(MigrationState state) throws InterruptedException {
        boolean loading = state instanceof MigrationState.Backfilling;
        if (!loading) {
            brake.release();
        }
        if (!serves(state)) {
            return;
        }
        Optional<SlotState> slot = sources.look(Direction.FORWARD);
        if (given != null) {
            slotEnd.drop(stream);
        } else if (slot.isPresent()) {
            bound(slot.get());
        }
        if (given == null && loading && slot.isPresent()) {
            brake.look(slot.get().retainedBytes());
        }
    }

    /**
     * Looks while no daemon can begin to work because green does not answer. The caller holds the lock on blue, so no
     * other one is at work.
     */
    void lookWithoutGreen() throws InterruptedException {
        Optional<Ownership> row = parts.blue().query(session -> OwnershipRows.read(session, parts.migration()));
        boolean owns = row.filter(one -> one.state() == Ownership.State.OPEN && one.owner() == Side.BLUE)
                .isPresent();
        Optional<SlotState> there = parts.blue().query(session -> Slots.inspect(session, slotEnd.slot()));
        if (owns && there.isPresent()) {
            restore();
            if (given == null) {
                bound(there.get());
            } else {
                slotEnd.drop(stream);
            }
        }
    }

    private void bound(SlotState slot) throws InterruptedException {
        ByteSize warned = parts.settings().protectBlue().maxSlotWal();
        ByteSize most = parts.settings().protectBlue().giveUpSlotWal();
        if (slot.retainedBytes() > most.bytes()) {
            if (!replaced.getAsBoolean()) {
                giveUp(slot, most);
            }
        } else if (slot.retainedBytes() > warned.bytes() && !fillingTold) {
            fillingTold = true;
            String words = "blue keeps " + mebibytes(slot.retainedBytes()) + " of log for us, and green has confirmed "
                    + slot.confirmed() + "; at " + most + " our slot is dropped and the migration halts rather than "
                    + "blue's disk filled (protect-blue.give-up-slot-wal). Is green there?";
            LOG.warn("{}", words);
            happenings.tell("slot.filling", words);
        } else if (slot.retainedBytes() < warned.bytes() / 2) {
            fillingTold = false;
        }
    }

    private static String mebibytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }

    private void stand(GivenUpSlot mark) {
        given = mark;
        brake.stopForEver(mark.fault(slotEnd.slot()));
    }

    /** The note first: a daemon that dies in between finds it, and drops the slot. */
    private void giveUp(SlotState slot, ByteSize most) throws InterruptedException {
        GivenUpSlot mark = new GivenUpSlot(
                slot.confirmed(),
                "blue kept " + mebibytes(slot.retainedBytes()) + " of log for us, more than "
                        + "protect-blue.give-up-slot-wal (" + most + ") allows, and our slot was dropped");
        try {
            mark.note(parts);
        } catch (FaultException | Ambiguity unwritten) {
            // A disk that is full already takes no note, and needs the room all the more; the next daemon finds no
            // slot.
            LOG.warn("that the slot is given up is not written down on blue: {}", unwritten.getMessage());
        }
        stand(mark);
        LOG.error("Our slot on blue is given up: {}. The migration has to begin anew.", mark.words());
        slotEnd.drop(stream);
        // Last, because on a disk that is full this takes its time.
        happenings.tell("slot.given-up", mark.words());
    }
}
