package io.viridian.control;

import io.viridian.migration.Gate;
import io.viridian.migration.Operation;
import io.viridian.proof.Verification;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One migration, as its surfaces drive it. */
public interface MigrationControl {
    MigrationView view();

    List<TableView> tables();

    /** The gates of the next switch, read now. */
    List<Gate> gates();

    /** What happened, oldest first, after event number {@code since}; at most {@code most}. */
    List<MigrationEvent> events(long since, int most);

    /** Rows that both sides had changed while both were writable, newest first. Asks both servers. */
    List<ConflictView> conflicts(int most);

    /** The last verification, whichever way it ended. */
    Optional<Verification> lastVerification();

    /**
     * What would happen, step by step, with statements; changes nothing.
     *
     * @param what {@code migration}, {@code cutover}, {@code rollback} or {@code finalize}
     */
    PlanView plan(String what);

    /**
     * Asks for an operation. It is journaled before this returns and begins when the conductor comes to it.
     *
     * @throws io.viridian.fault.FaultException with CONFLICT when another operation is in the way, with GATE_REFUSED
     *     when a gate is not passing, with USAGE when the state does not allow it
     */
    Operation submit(Request request);

    /**
     * The operation that this very request, sent before under its key by the same caller, gave. Known for as long as
     * the operation is, also to a daemon that was started since.
     *
     * @return empty when the key is new, or empty
     * @throws io.viridian.fault.FaultException with CONFLICT when the key was used for another request
     */
    Optional<Operation> earlier(Request request);

    Optional<Operation> operation(String id);

    /** Newest first. */
    List<Operation> operations(int most);

    /** The certificate and timeline of the migration so far. */
    ReportView report();

    /**
     * A request for an operation.
     *
     * @param by the name behind the token; keys of one caller mean nothing to another
     * @param idempotencyKey the same key with the same request gives the same operation; empty means none
     */
    record Request(
            Operation.Type type, Map<String, String> parameters, String reason, String by, String idempotencyKey) {
        public Request {
            parameters = Map.copyOf(parameters);
        }

        /** Whether the operation is what this asks for. */
        public boolean asksFor(Operation operation) {
            return operation.type() == type
                    && operation.parameters().equals(parameters)
                    && operation.reason().equals(reason);
        }
    }
}
