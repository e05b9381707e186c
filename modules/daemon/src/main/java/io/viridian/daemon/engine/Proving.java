package io.viridian.daemon.engine;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.feed.Lane;
import io.viridian.journal.VerificationLog;
import io.viridian.plan.Direction;
import io.viridian.plan.TableName;
import io.viridian.proof.Verification;
import io.viridian.proof.Verifier;
import io.viridian.time.Deadline;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Verifies when asked and when it is time, and remembers what came out. The conductor's thread; getters for any. */
final class Proving {
    private static final Logger LOG = LoggerFactory.getLogger(Proving.class);

    /** A full pass over very large tables takes hours; without an end a hung server would hang the conductor. */
    private static final Duration PASS_MOST = Duration.ofHours(24);

    /** The lane remembers as many keys as are compared in a second or two; a server that hangs is not waited for. */
    private static final Duration KEEP_UP_MOST = Duration.ofSeconds(30);

    private final EngineParts parts;
    private final Verifier verifier;
    private final Happenings happenings;
    private volatile @Nullable Verification last;
    private volatile @Nullable Verification lastFull;
    private volatile boolean running;
    private final TouchedTurn turn;
    private final PassTurn passes;

    Proving(EngineParts parts, Verifier verifier, Happenings happenings) {
        this.parts = parts;
        this.verifier = verifier;
        this.happenings = happenings;
        this.turn = new TouchedTurn(parts.clock(), KEEP_UP_MOST);
        this.passes = new PassTurn(parts.clock(), parts.settings().verify().every());
    }

    Verifier verifier() {
        return verifier;
    }

    /** What an earlier daemon found. */
    void restore() {
        last = new VerificationLog(parts.journalDatabase(), parts.migration())
                .last()
                .orElse(null);
        lastFull = last;
    }

    Verification verify(Direction direction, Lane lane, Set<TableName> only) throws InterruptedException {
        running = true;
        passes.began();
        try {
            Verification found = verifier.verify(direction, lane, only, Deadline.after(parts.clock(), PASS_MOST));
            if (only.isEmpty()) {
                remember(found);
            } else {
                last = found;
                tell(found);
            }
            LOG.info(
                    "verification {}: {} rows in {} ms, lane held {} ms",
                    found.clean() ? "clean" : "found differences",
                    found.rows(),
                    found.took().toMillis(),
                    found.laneHeld().toMillis());
            return found;
        } finally {
            running = false;
        }
    }

    /** When touched rows are to be compared at rest. */
    TouchedTurn turn() {
        return turn;
    }

    /** When everything is to be compared again. */
    PassTurn passes() {
        return passes;
    }

    /**
     * Compares the touched rows when they are more than that, and not too many to be known. After a difference there is
     * nothing to keep up until a full verification was clean.
     *
     * @return what was found, if anything was compared
     */
    Optional<Verification> keepUp(Direction direction, Lane lane, int most) throws InterruptedException {
        boolean broken = lastFull().filter(full -> !full.clean()).isPresent();
        if (!TouchedTurn.isDue(lane.touchedKeys().orElse(0), most, broken)) {
            return Optional.empty();
        }
        Optional<Verification> found;
        try {
            found = verifier.verifyTouched(direction, lane, Deadline.after(parts.clock(), KEEP_UP_MOST));
        } catch (FaultException unfinished) {
            if (unfinished.code() != FaultCode.VERIFY_UNFINISHED) {
                throw unfinished;
            }
            turn.failed();
            LOG.info(
                    "rows touched since the last verification stay to be compared: {}",
                    unfinished.fault().sentence());
            return Optional.empty();
        }
        turn.ended();
        found.filter(one -> !one.clean()).ifPresent(this::remember);
        found.ifPresent(one -> LOG.info(
                "{} touched rows {} in {} ms, lane held {} ms",
                one.rows(),
                one.clean() ? "agree" : "DIFFER",
                one.took().toMillis(),
                one.laneHeld().toMillis()));
        return found;
    }

    /** As the last word on all tables: it closes the gate until a full verification opens it again. */
    private void remember(Verification found) {
        last = found;
        lastFull = found;
        new VerificationLog(parts.journalDatabase(), parts.migration()).save(found);
        tell(found);
    }

    private void tell(Verification found) {
        happenings.tell(
                found.clean() ? "verification.clean" : "verification.mismatch",
                found.clean()
                        ? found.rows() + " rows in " + found.tables().size() + " tables agree"
                        : mismatch(found).detail());
    }

    static Fault mismatch(Verification found) {
        Verification.TableResult worst = found.tables().stream()
                .filter(table -> !table.equal())
                .findFirst()
                .orElseThrow();
        String first = worst.differences().isEmpty()
                ? ""
                : "; first " + worst.differences().getFirst().kind() + " "
                        + worst.differences().getFirst().key() + " "
                        + worst.differences().getFirst().columns();
        return Fault.about(
                FaultCode.VERIFY_MISMATCH,
                worst.target().toString(),
                worst.differing() + " rows of " + worst.target() + " differ from " + worst.sourceNames() + " ("
                        + worst.sourceRows() + " and " + worst.targetRows() + " rows)" + first);
    }

    /** For an operation's result. */
    static Map<String, String> told(Verification found) {
        Map<String, String> result = new LinkedHashMap<>();
        result.put("clean", String.valueOf(found.clean()));
        result.put("rows", String.valueOf(found.rows()));
        result.put("tables", String.valueOf(found.tables().size()));
        result.put("took_ms", String.valueOf(found.took().toMillis()));
        result.put("lane_held_ms", String.valueOf(found.laneHeld().toMillis()));
        if (!found.clean()) {
            Fault fault = mismatch(found);
            result.put("code", fault.code().name());
            result.put("detail", fault.detail());
            result.put("object", fault.object());
            result.put(
                    "differing",
                    String.valueOf(found.tables().stream()
                            .mapToLong(Verification.TableResult::differing)
                            .sum()));
        }
        return result;
    }

    Optional<Verification> last() {
        return Optional.ofNullable(last);
    }

    Optional<Verification> lastFull() {
        return Optional.ofNullable(lastFull);
    }

    boolean running() {
        return running;
    }

    Optional<Duration> age() {
        return lastFull()
                .map(found -> Duration.between(
                        found.started().plus(found.took()), parts.clock().now()));
    }

    /** The contract's word for where verification stands. */
    String standing() {
        if (running) {
            return "running";
        }
        Verification found = lastFull;
        if (found == null) {
            return "never";
        }
        if (!found.clean()) {
            return "mismatch";
        }
        boolean fresh =
                age().orElse(Duration.ZERO).compareTo(parts.settings().verify().maxAge()) <= 0;
        return fresh ? "clean" : "stale";
    }
}
