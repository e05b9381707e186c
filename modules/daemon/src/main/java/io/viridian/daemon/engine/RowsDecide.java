package io.viridian.daemon.engine;

import io.viridian.cutover.Ownership;
import io.viridian.cutover.OwnershipRows;
import io.viridian.cutover.Reading;
import io.viridian.cutover.Recovery;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.migration.DecidedState;
import io.viridian.migration.Journal;
import io.viridian.migration.MigrationState;
import io.viridian.migration.StateName;
import io.viridian.migration.SwitchAttempt;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ownership rows of both sides decide who owns the writes (protocol §2.6); a journal that says otherwise was not
 * there when it was decided, or is an old one, and is told. Read after a take-over, when nobody else can move them.
 * Stateless.
 */
final class RowsDecide {
    private static final Logger LOG = LoggerFactory.getLogger(RowsDecide.class);

    private RowsDecide() {}

    /** Has the journal say what the rows say, in an entry of its own, if it says anything else. */
    static void settle(EngineParts parts, Journal journal, Happenings happenings) {
        Optional<Journal.Entry> last = journal.last();
        if (last.isEmpty()) {
            return;
        }
        Reading blue = OwnershipRows.ask(parts.blue(), parts.migration());
        Reading green = OwnershipRows.ask(parts.green(), parts.migration());
        correction(last.get().state(), blue, green).ifPresent(state -> {
            journal.append(last.get().sequence(), state);
            String words = "the journal said " + StateName.of(last.get().state()) + ", and the ownership rows of both "
                    + "sides say " + StateName.of(state) + ": they decide";
            happenings.tell("journal.corrected", words);
            LOG.warn("{}.", words);
        });
    }

    /**
     * Begins a journal with what the rows say.
     *
     * @throws io.viridian.fault.FaultException when they do not say that a switch has happened
     */
    static void begin(EngineParts parts, Journal journal, Happenings happenings) {
        MigrationState state = switched(parts);
        journal.append(0, state);
        happenings.tell(
                "journal.interim",
                "the journal's database does not answer; what is done meanwhile is written down on blue, beginning with "
                        + StateName.of(state) + ", as the ownership rows of both sides say");
    }

    /**
     * The state behind a switch, as the rows have it.
     *
     * @throws io.viridian.fault.FaultException when they do not say that a switch has happened
     */
    static MigrationState switched(EngineParts parts) {
        Reading blue = OwnershipRows.ask(parts.blue(), parts.migration());
        Reading green = OwnershipRows.ask(parts.green(), parts.migration());
        return state(blue, green)
                .orElseThrow(
                        () -> refusal(parts, OwnershipRows.recover(blue, green)).asException());
    }

    private static Fault refusal(EngineParts parts, Recovery found) {
        return switch (found) {
            case Recovery.Normal(Side owner, long epoch) ->
                Fault.about(
                        FaultCode.USAGE,
                        parts.migration(),
                        owner.text() + " owns the writes, at epoch " + epoch
                                + ": there is nothing to roll back, and everything else needs the journal");
            case Recovery.Impossible(String why) -> Fault.about(FaultCode.OWNERSHIP_IMPOSSIBLE, parts.migration(), why);
            case Recovery.Unknown(String why) -> Fault.about(FaultCode.JOURNAL_UNREACHABLE, parts.migration(), why);
            case Recovery.RollForward _, Recovery.EnsureRouting _ ->
                Fault.about(FaultCode.BUG, parts.migration(), "no state follows from " + found);
        };
    }

    /** What the journal has to say instead; empty when what it says agrees with the rows, or they say nothing. */
    static Optional<MigrationState> correction(MigrationState said, Reading blue, Reading green) {
        Recovery found = OwnershipRows.recover(blue, green);
        return switch (found) {
            case Recovery.Normal _, Recovery.Impossible _, Recovery.Unknown _ -> Optional.empty();
            case Recovery.RollForward(Side open, long epoch) ->
                state(blue, green).filter(_ -> !onItsWay(said, open, epoch, nonce(open, blue, green)));
            case Recovery.EnsureRouting(Side owner, long epoch) ->
                state(blue, green).filter(_ -> !agrees(said, owner, epoch, nonce(owner, blue, green)));
        };
    }

    private static Optional<MigrationState> state(Reading blue, Reading green) {
        return switch (OwnershipRows.recover(blue, green)) {
            case Recovery.Normal _, Recovery.Impossible _, Recovery.Unknown _ -> Optional.empty();
            case Recovery.RollForward(Side open, long epoch) ->
                Optional.of(DecidedState.handedOver(
                        Direction.from(open.other()), attempt(nonce(open, blue, green), epoch)));
            case Recovery.EnsureRouting(Side owner, long epoch) ->
                Optional.of(
                        DecidedState.over(Direction.from(owner.other()), attempt(nonce(owner, blue, green), epoch)));
        };
    }

    private static SwitchAttempt attempt(String nonce, long epoch) {
        return new SwitchAttempt(nonce, epoch - 1, "");
    }

    /** Of the attempt that led to this side: the other one's row keeps it. */
    private static String nonce(Side owner, Reading blue, Reading green) {
        Reading handedOver = owner == Side.GREEN ? blue : green;
        return handedOver instanceof Reading.Says(Ownership row) ? row.nonce().orElse("") : "";
    }

    /** Nobody can write: only the attempt itself, which the journal then names, leads on. */
    private static boolean onItsWay(MigrationState said, Side open, long epoch, String nonce) {
        return switch (said) {
            case MigrationState.Switching one -> one.direction().target() == open && isOf(one.attempt(), epoch, nonce);
            case MigrationState.Halted one -> onItsWay(one.during(), open, epoch, nonce);
            case MigrationState.New _,
                    MigrationState.Preflight _,
                    MigrationState.Preparing _,
                    MigrationState.Backfilling _,
                    MigrationState.CatchingUp _,
                    MigrationState.Canary _,
                    MigrationState.Resting _,
                    MigrationState.Finalizing _,
                    MigrationState.Aborting _,
                    MigrationState.Final _ -> false;
        };
    }

    private static boolean agrees(MigrationState said, Side owner, long epoch, String nonce) {
        return switch (said) {
            // Begun and not decided, or decided by this very attempt: whoever reads it back finds its way.
            case MigrationState.Switching one ->
                (one.direction().source() == owner && one.attempt().fromEpoch() == epoch)
                        || isOf(one.attempt(), epoch, nonce);
            case MigrationState.Halted one -> agrees(one.during(), owner, epoch, nonce);
            case MigrationState.Switched _, MigrationState.Finalizing _ -> owner == Side.GREEN;
            case MigrationState.Preparing _,
                    MigrationState.Backfilling _,
                    MigrationState.CatchingUp _,
                    MigrationState.Ready _,
                    MigrationState.Armed _,
                    MigrationState.RolledBack _,
                    MigrationState.Canary _,
                    MigrationState.Aborting _ -> owner == Side.BLUE;
            case MigrationState.New _, MigrationState.Preflight _, MigrationState.Final _ -> true;
        };
    }

    private static boolean isOf(SwitchAttempt attempt, long epoch, String nonce) {
        return attempt.toEpoch() == epoch && attempt.nonce().equals(nonce);
    }
}
