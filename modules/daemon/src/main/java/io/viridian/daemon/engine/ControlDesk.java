package io.viridian.daemon.engine;

import io.viridian.control.ConflictView;
import io.viridian.control.MigrationControl;
import io.viridian.control.MigrationEvent;
import io.viridian.control.MigrationView;
import io.viridian.control.PlanView;
import io.viridian.control.ReportView;
import io.viridian.control.TableView;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.migration.AcceptedLoss;
import io.viridian.migration.Conductor;
import io.viridian.migration.Gate;
import io.viridian.migration.Operation;
import io.viridian.migration.OperationDesk;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import io.viridian.proof.Verification;
import io.viridian.replication.canary.ConflictBook;
import io.viridian.time.Clock;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** What surfaces see of a migration and may ask for. Any thread. */
final class ControlDesk implements MigrationControl {
    private final LiveMigration migration;
    private final OperationDesk desk;
    private final Conductor conductor;
    private final Clock clock;

    ControlDesk(LiveMigration migration, OperationDesk desk, Conductor conductor, Clock clock) {
        this.migration = migration;
        this.desk = desk;
        this.conductor = conductor;
        this.clock = clock;
    }

    @Override
    public MigrationView view() {
        return new Views(migration, desk).view(conductor.state(), conductor.retrying());
    }

    @Override
    public List<TableView> tables() {
        return migration.copy().tables(migration.proving().flatMap(Proving::lastFull));
    }

    @Override
    public List<Gate> gates() {
        return migration.gateWatch().seen();
    }

    @Override
    public List<MigrationEvent> events(long since, int most) {
        return migration.happenings().since(since, most);
    }

    @Override
    public List<ConflictView> conflicts(int most) {
        return Stream.of(Side.values())
                .flatMap(side -> ConflictBook.read(migration.parts().on(side), migration.name(), most).stream())
                .sorted(Comparator.comparing(ConflictView::settledAt).reversed())
                .limit(most)
                .toList();
    }

    @Override
    public Optional<Verification> lastVerification() {
        return migration.proving().flatMap(Proving::last);
    }

    @Override
    public PlanView plan(String what) {
        return new PlanViews(migration).plan(what);
    }

    @Override
    public synchronized Operation submit(Request request) {
        Optional<Operation> earlier = earlier(request);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        refuse(request.type());
        migration.consents().demand(request.type(), request.parameters(), request.reason());
        if (request.type() == Operation.Type.FINALIZE) {
            finalizeTerms().demand(request, clock.now());
        }
        if (request.type() == Operation.Type.ROLLBACK) {
            AcceptedLoss.of(request.parameters()).covers(migration.lossy());
        }
        Operation operation = new Operation(
                id(request),
                request.type(),
                request.parameters(),
                request.reason(),
                request.by(),
                Operation.Status.PENDING,
                Map.of(),
                clock.now(),
                Optional.empty(),
                Optional.empty());
        desk.submit(operation);
        migration
                .happenings()
                .tell(
                        "operation.requested",
                        request.type().text() + " by " + request.by()
                                + (request.reason().isEmpty() ? "" : ": " + request.reason()));
        conductor.attention();
        return operation;
    }

    private FinalizeTerms finalizeTerms() {
        Standing standing = migration.standing(conductor.state());
        Optional<String> broken = migration.lagSeconds(Direction.REVERSE).isEmpty()
                ? Optional.of("no heartbeat of green has come to blue")
                : standing.reverseFault().map(Fault::sentence);
        return new FinalizeTerms(
                migration.name(),
                standing.noWayBack().isPresent(),
                broken,
                migration
                        .stateSince()
                        .plus(migration.parts().settings().reverse().keepFor()));
    }

    @Override
    public Optional<Operation> earlier(Request request) {
        if (request.idempotencyKey().isEmpty()) {
            return Optional.empty();
        }
        Optional<Operation> found = desk.find(id(request));
        if (found.isPresent() && !request.asksFor(found.get())) {
            throw Fault.about(
                            FaultCode.CONFLICT,
                            request.idempotencyKey(),
                            "idempotency key " + request.idempotencyKey() + " was used for another request")
                    .asException();
        }
        return found;
    }

    /** The key names the operation, so that whoever can read the operation knows the key: the next daemon, too. */
    private String id(Request request) {
        if (request.idempotencyKey().isEmpty()) {
            return UUID.randomUUID().toString();
        }
        String name = migration.name() + '\n' + request.by() + '\n' + request.idempotencyKey();
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private void refuse(Operation.Type type) {
        String why = migration.standing(conductor.state()).refusal(type);
        if (!why.isEmpty()) {
            throw Fault.of(FaultCode.USAGE, why).asException();
        }
        List<Operation> open =
                desk.open().stream().filter(one -> waitsFor(type, one.type())).toList();
        if (!open.isEmpty()) {
            Operation busy = open.getFirst();
            throw Fault.about(
                            FaultCode.CONFLICT,
                            busy.id(),
                            type.text() + " must wait: " + busy.type().text() + " by " + busy.by() + " is "
                                    + busy.status().name().toLowerCase(java.util.Locale.ROOT) + " since "
                                    + busy.requested())
                    .asException();
        }
    }

    /** What ends the work of others does not wait for it, and nobody who wants to go back for a verification. */
    private static boolean waitsFor(Operation.Type asked, Operation.Type open) {
        return switch (asked) {
            case ABORT, DISARM -> open == asked;
            case ROLLBACK -> open != Operation.Type.VERIFY;
            case CUTOVER, VERIFY, REHEARSE, ARM, CANARY, OVERRIDE, APPROVE, PAUSE, RESUME, FINALIZE -> true;
        };
    }

    @Override
    public Optional<Operation> operation(String id) {
        return desk.find(id);
    }

    @Override
    public List<Operation> operations(int most) {
        return desk.recent(most);
    }

    @Override
    public ReportView report() {
        return new ReportView(
                view(),
                tables(),
                lastVerification(),
                operations(OperationDesk.REMEMBERED),
                migration.happenings().newest());
    }
}
