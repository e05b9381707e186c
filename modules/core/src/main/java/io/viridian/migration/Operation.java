package io.viridian.migration;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Something an operator asked for. Written before it begins, so that it survives a restart of the daemon.
 *
 * @param id unique, given by the daemon
 * @param type what is to be done
 * @param parameters what was asked besides the type, as given
 * @param reason why, in the operator's words; may be empty
 * @param by the name behind the token
 * @param result what came out; empty until finished
 */
public record Operation(
        String id,
        Type type,
        Map<String, String> parameters,
        String reason,
        String by,
        Status status,
        Map<String, String> result,
        Instant requested,
        Optional<Instant> started,
        Optional<Instant> finished) {
    public Operation {
        parameters = Map.copyOf(parameters);
        result = Map.copyOf(result);
    }

    /** The answer to what the state does not allow. */
    FaultException notNow(MigrationState state) {
        String what = type.text() + (type == Type.CANARY ? " " + parameters.getOrDefault("action", "start") : "");
        String hint = state instanceof MigrationState.Canary ? "; stop the canary first" : "";
        return Fault.of(FaultCode.USAGE, what + " is not possible in " + StateName.of(state) + hint)
                .asException();
    }

    /** The cutover of an armed migration. */
    static Operation byItself(Arming arming, Instant now) {
        return new Operation(
                UUID.randomUUID().toString(),
                Type.CUTOVER,
                Map.of(),
                arming.standing() ? "cutover.mode is auto" : "armed by operation " + arming.operation(),
                arming.by(),
                Status.PENDING,
                Map.of(),
                now,
                Optional.empty(),
                Optional.empty());
    }

    public Operation running(Instant now) {
        return new Operation(
                id,
                type,
                parameters,
                reason,
                by,
                Status.RUNNING,
                result,
                requested,
                Optional.of(now),
                Optional.empty());
    }

    /** Begun, and interrupted by something that needs a person. */
    public Operation beingFoundOut() {
        return new Operation(
                id, type, parameters, reason, by, Status.UNKNOWN, result, requested, started, Optional.empty());
    }

    public Operation finished(Status outcome, Map<String, String> told, Instant now) {
        return new Operation(
                id,
                type,
                parameters,
                reason,
                by,
                outcome,
                told,
                requested,
                started.or(() -> Optional.of(now)),
                Optional.of(now));
    }

    /** What can be asked for; the contract's words in lower case. */
    public enum Type {
        CUTOVER,
        ROLLBACK,
        VERIFY,
        REHEARSE,
        ARM,
        DISARM,
        CANARY,
        OVERRIDE,
        APPROVE,
        PAUSE,
        RESUME,
        ABORT,
        FINALIZE;

        public String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** How far it is. UNDONE: tried, and everything was put back. UNKNOWN: being found out. */
    public enum Status {
        PENDING,
        RUNNING,
        SUCCEEDED,
        FAILED,
        UNDONE,
        CANCELLED,
        UNKNOWN;

        public boolean isFinal() {
            return switch (this) {
                case PENDING, RUNNING, UNKNOWN -> false;
                case SUCCEEDED, FAILED, UNDONE, CANCELLED -> true;
            };
        }
    }
}
