package io.viridian.migration;

import io.viridian.fault.Fault;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The deeds behind the states. Every method may be called again after a crash and then finishes what was begun. The
 * conductor's thread only. Failures are {@link io.viridian.fault.FaultException}s.
 */
public interface MigrationWork {
    /** Runs the checks; throws PREFLIGHT_REFUSED with the first refusals in its detail. Changes nothing. */
    void preflight() throws InterruptedException;

    /** Creates the journal's tables, pins the plan and answers the journal. */
    Journal createJournal();

    /** Green's schema, control schemas, guards, publication, slot, traffic to blue. */
    void prepare() throws InterruptedException;

    /** Makes sure the streams run as the state demands, with the given side owning the writes. */
    void ensureStreams(Side owner) throws InterruptedException;

    /** Copies what is not copied, then builds indexes and constraints and the way back. */
    void backfill() throws InterruptedException;

    /** Returns when green follows blue closely and a verification was clean. */
    void catchUp() throws InterruptedException;

    /** Verifies in the direction that leaves the owner; the result for an operation. */
    Map<String, String> verify(Direction direction, Map<String, String> parameters) throws InterruptedException;

    /**
     * After a switch: leads the applications to the owner again should anything have led them elsewhere. Nothing while
     * no work was begun.
     */
    void keepRoutes(Side owner) throws InterruptedException;

    /**
     * Compares the rows touched since the last verification when they have become many, so that they stay known and
     * the comparison under the fence stays short. Returns at once when they are few, or not known any more.
     *
     * @param switchIsNear few is less then: what is compared now need not be compared while writers wait
     * @throws io.viridian.fault.FaultException with VERIFY_MISMATCH when a switch is near and rows differ
     */
    void proveTouched(Direction direction, boolean switchIsNear) throws InterruptedException;

    /** How long until a periodic verification in this direction is due; zero for now. */
    Duration untilNextVerification(Direction direction);

    /**
     * The gates of a switch in this direction, read now, each with what somebody said about it.
     *
     * @param armed whose terms take the place of the configured ones
     * @param by who asks for the switch, whose own approval does not count; empty while nobody does
     */
    List<Gate> gates(Direction direction, Optional<Arming> armed, String by) throws InterruptedException;

    /**
     * Writes down what somebody puts their name to, or takes back: an override, an approval. Once, however often the
     * operation is carried out.
     *
     * @throws io.viridian.fault.FaultException with USAGE or GATE_REFUSED when that is nothing one can consent to
     */
    Map<String, String> consent(Operation operation);

    /**
     * The terms that an operation to arm asks for.
     *
     * @throws io.viridian.fault.FaultException with USAGE when they make no sense
     */
    Arming arming(Operation operation);

    /** The terms on which the configuration has a migration cut over by itself, when it does. */
    Optional<Arming> standingArming();

    /** Tells whoever listens what the operations do not. */
    void tell(String event, String words);

    /**
     * Steps FENCE to REVERSE, then undone, as often as {@code times} says; answers the measured write pauses.
     *
     * @param parameters {@code times}, 1 to 100; default 1
     */
    Map<String, String> rehearse(Direction direction, Map<String, String> parameters) throws InterruptedException;

    Switchover switchover();

    /**
     * How many rows of green a rollback would lose something of, as far as the way back has come: all there are once a
     * rollback has drained it.
     */
    long lossy();

    /** A time with two writable sides. */
    CanaryWork canary();

    /** The side that owns the writes, and since which epoch. */
    Ownership ownership();

    /** What does not go on by itself: a stream that stands still, a side that contradicts the other; or empty. */
    Optional<Fault> standingFault();

    /** Starts anew what stands still, and takes it that a person has looked at the rest; for resume. */
    void restartStreams() throws InterruptedException;

    /** Holds back or lets go the copying; the stream goes on. */
    void pause(boolean paused);

    /** Removes everything of ours from both sides; {@code owner} keeps the writes. The journal goes last. */
    void remove(Side owner, boolean finalized) throws InterruptedException;

    /** Who owns the writes. */
    record Ownership(Side owner, long epoch) {}
}
