package io.viridian.migration;

import io.viridian.fault.Fault;
import io.viridian.plan.Direction;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a migration stands. Only transitions that exist have a method; the drawing in
 * {@code docs/concepts/lifecycle.md} is made from these records by reflection.
 *
 * <p>NEW and PREFLIGHT are never written: until the pre-flight checks pass nothing of ours exists anywhere, so the
 * absence of a journal is what they look like after a restart.
 */
public sealed interface MigrationState {
    /** The end that a note outside the journal tells of, when the journal itself is gone. */
    static MigrationState ended(boolean finalized) {
        return finalized ? new Finalizing().removed() : new Aborting().removed();
    }

    /** Entered when the daemon finds no journal. Nothing has been touched. */
    record New() implements MigrationState {
        public Preflight begin() {
            return new Preflight();
        }
    }

    /** The checks run. Nothing has been touched; left when none refuses. */
    record Preflight() implements MigrationState {
        public Preparing passed() {
            return new Preparing();
        }
    }

    /** Intent: green's schema, our control schemas, guards, publication and slot are being created. */
    record Preparing() implements MigrationState {
        public Backfilling prepared() {
            return new Backfilling();
        }

        public Halted halted(Fault why) {
            return new Halted(this, why);
        }

        public Aborting abort() {
            return new Aborting();
        }
    }

    /**
     * The forward stream runs and rows are copied chunk by chunk; the chunk ledger on green knows how far. Then indexes
     * and constraints are built, and the way back is created.
     */
    record Backfilling() implements MigrationState {
        public CatchingUp loaded() {
            return new CatchingUp();
        }

        public Halted halted(Fault why) {
            return new Halted(this, why);
        }

        public Aborting abort() {
            return new Aborting();
        }
    }

    /** Every row is on green. The stream closes the gap, then both sides are compared. */
    record CatchingUp() implements MigrationState {
        public Ready caughtUp() {
            return new Ready();
        }

        // Where the configuration says so, it need not be asked to.
        public Armed caughtUpArmed(Arming arming, Instant now) {
            return new Armed(Optional.empty(), arming, now);
        }

        public Halted halted(Fault why) {
            return new Halted(this, why);
        }

        public Aborting abort() {
            return new Aborting();
        }
    }

    /** Green follows blue and both have agreed; waits for an operation. */
    record Ready() implements Resting {
        public Armed arm(Arming arming, Instant now) {
            return new Armed(Optional.empty(), arming, now);
        }

        public CuttingOver cutover(SwitchAttempt attempt) {
            return new CuttingOver(SwitchStep.FENCE, attempt, false);
        }

        public Canary canary(CanaryTerms terms) {
            return new Canary(CanaryPhase.OPENING, terms);
        }

        public Halted halted(Fault why) {
            return new Halted(this, why);
        }

        public Aborting abort() {
            return new Aborting();
        }
    }

    /**
     * Blue owns the writes, and applications may write on green besides; each side's changes are led to the other.
     * While OPENING green may be open already, while CLOSING it may still be. Left for CATCHING_UP, where both sides
     * have to agree before anything else may happen.
     */
    record Canary(CanaryPhase phase, CanaryTerms terms) implements MigrationState {
        public Canary opened() {
            return new Canary(CanaryPhase.OPEN, terms);
        }

        public Canary closing() {
            return new Canary(CanaryPhase.CLOSING, terms);
        }

        /** What is left of it is led to its end with another answer to conflicts. */
        public Canary decided(ConflictPolicy conflicts) {
            return new Canary(CanaryPhase.CLOSING, terms.with(conflicts));
        }

        public CatchingUp closed() {
            return new CatchingUp();
        }

        public Halted halted(Fault why) {
            return new Halted(closing(), why);
        }

        // Only of one that halted: what green alone has is lost then.
        public Aborting abort() {
            return new Aborting();
        }
    }

    /**
     * As READY or ROLLED_BACK, and cuts over by itself as soon as every gate passes on the terms of the arming.
     *
     * @param after the rollback that it follows, if it does
     * @param since when it was armed, or its last attempt was undone
     */
    record Armed(Optional<SwitchAttempt> after, Arming arming, Instant since) implements Resting {
        /** New terms. */
        public Armed arm(Arming other, Instant now) {
            return new Armed(after, other, now);
        }

        /** The terms must hold anew before the next attempt. */
        public Armed refused(Instant now) {
            return new Armed(after, arming, now);
        }

        public Ready disarmed() {
            return new Ready();
        }

        public RolledBack disarmedAgain() {
            return new RolledBack(after.orElseThrow());
        }

        public CuttingOver cutover(SwitchAttempt attempt) {
            return new CuttingOver(SwitchStep.FENCE, attempt, after.isPresent(), Optional.of(arming));
        }

        // A migration that needs a person does not go on by itself afterwards.
        public Halted halted(Fault why) {
            return new Halted(after.isPresent() ? disarmedAgain() : disarmed(), why);
        }

        public Aborting abort() {
            return new Aborting();
        }
    }

    /**
     * Intent: this step of the switch to green may already have happened. Up to COMMIT a crash undoes everything by
     * itself; from COMMIT on the ownership rows decide.
     *
     * @param again whether this follows a rollback, so that an undone attempt returns there
     * @param armed the arming that it is an attempt of, so that an undone attempt returns there while others are left
     */
    record CuttingOver(SwitchStep step, SwitchAttempt attempt, boolean again, Optional<Arming> armed)
            implements Switching {
        /** One without an arming. */
        public CuttingOver(SwitchStep step, SwitchAttempt attempt, boolean again) {
            this(step, attempt, again, Optional.empty());
        }

        public CuttingOver performed() {
            return at(step.next());
        }

        CuttingOver at(SwitchStep other) {
            return new CuttingOver(other, attempt, again, armed);
        }

        public Switched switched() {
            return new Switched(attempt);
        }

        public Ready undone() {
            return new Ready();
        }

        public RolledBack undoneAgain() {
            return new RolledBack(attempt);
        }

        public Armed undoneArmed(Instant now) {
            return new Armed(
                    again ? Optional.of(attempt) : Optional.empty(),
                    armed.flatMap(Arming::attempted).orElseThrow(),
                    now);
        }

        public Halted halted(Fault why) {
            return new Halted(this, why);
        }

        @Override
        public Direction direction() {
            return Direction.FORWARD;
        }
    }

    /** Green owns the writes; the reverse stream carries them to blue. Left by rollback or finalize. */
    record Switched(SwitchAttempt by) implements Resting {
        public RollingBack rollback(SwitchAttempt attempt) {
            return new RollingBack(SwitchStep.FENCE, attempt);
        }

        public Finalizing end() {
            return new Finalizing();
        }

        public Halted halted(Fault why) {
            return new Halted(this, why);
        }
    }

    /** Intent: as {@link CuttingOver}, with the sides swapped. */
    record RollingBack(SwitchStep step, SwitchAttempt attempt) implements Switching {
        public RollingBack performed() {
            return new RollingBack(step.next(), attempt);
        }

        public RolledBack rolledBack() {
            return new RolledBack(attempt);
        }

        public Switched undone() {
            return new Switched(attempt);
        }

        public Halted halted(Fault why) {
            return new Halted(this, why);
        }

        @Override
        public Direction direction() {
            return Direction.REVERSE;
        }
    }

    /** Blue owns the writes again and green follows, so another cutover needs no new copy. */
    record RolledBack(SwitchAttempt by) implements Resting {
        public Armed arm(Arming arming, Instant now) {
            return new Armed(Optional.of(by), arming, now);
        }

        public CuttingOver cutover(SwitchAttempt attempt) {
            return new CuttingOver(SwitchStep.FENCE, attempt, true);
        }

        public Halted halted(Fault why) {
            return new Halted(this, why);
        }

        public Aborting abort() {
            return new Aborting();
        }
    }

    /** Intent: everything of ours is being removed; green stays the owner. */
    record Finalizing() implements MigrationState {
        public Finalized removed() {
            return new Finalized();
        }

        public Halted halted(Fault why) {
            return new Halted(this, why);
        }
    }

    /** Intent: everything of ours is being removed; blue stays the owner. */
    record Aborting() implements MigrationState {
        public Aborted removed() {
            return new Aborted();
        }

        public Halted halted(Fault why) {
            return new Halted(this, why);
        }
    }

    /**
     * Something needs a person. Left by resume, back into the state that was interrupted, or by abort before the
     * switch.
     */
    record Halted(MigrationState during, Fault why) implements MigrationState {
        public MigrationState resumed() {
            return during;
        }

        public Aborting abort() {
            return new Aborting();
        }
    }

    /** Green owns the writes and nothing of ours is left. */
    record Finalized() implements Final {}

    /** Blue owns the writes and nothing of ours is left. */
    record Aborted() implements Final {}

    /** Streams run, nothing is under way, operations may begin. */
    sealed interface Resting extends MigrationState {}

    /** A switch of ownership is under way. */
    sealed interface Switching extends MigrationState {
        SwitchStep step();

        SwitchAttempt attempt();

        /** The way the rows flow before the switch: FORWARD for a cutover, REVERSE for a rollback. */
        Direction direction();
    }

    /** Nothing follows. */
    sealed interface Final extends MigrationState {}
}
