package io.viridian.daemon.http;

import io.viridian.control.ConflictView;
import io.viridian.control.MigrationControl;
import io.viridian.control.MigrationEvent;
import io.viridian.control.MigrationView;
import io.viridian.control.PlanView;
import io.viridian.control.ReportView;
import io.viridian.control.TableView;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.migration.Gate;
import io.viridian.migration.Operation;
import io.viridian.proof.Verification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A migration that exists only in memory and does what a test tells it. Any thread. */
public final class InMemoryControl implements MigrationControl {
    private List<ConflictView> conflicts = List.of();
    private MigrationView view = Samples.ready();
    private List<Gate> gates = Samples.passingGates();
    private List<TableView> tables = Samples.tables();
    private Optional<Verification> verification = Optional.empty();
    private Optional<RuntimeException> silence = Optional.empty();
    private Optional<Fault> refusal = Optional.empty();
    private UnaryOperator<Operation> onSubmit = UnaryOperator.identity();
    private final List<MigrationEvent> events = new ArrayList<>();
    private final Map<String, Operation> operations = new LinkedHashMap<>();
    private final Map<String, String> idsByKey = new HashMap<>();
    private final CountDownLatch lookedUp = new CountDownLatch(1);

    public synchronized void show(MigrationView shown) {
        view = shown;
    }

    public synchronized void show(List<Gate> shown) {
        gates = List.copyOf(shown);
    }

    public synchronized void showConflicts(List<ConflictView> shown) {
        conflicts = List.copyOf(shown);
    }

    public synchronized void showTables(List<TableView> shown) {
        tables = List.copyOf(shown);
    }

    public synchronized void verified(Verification last) {
        verification = Optional.of(last);
    }

    public synchronized void happen(String type, String text) {
        events.add(new MigrationEvent(events.size() + 1L, Samples.NOW, type, text));
    }

    /** From now on nothing is answered but this. */
    public synchronized void fallSilent(RuntimeException with) {
        silence = Optional.of(with);
    }

    /** From now on every request for an operation is refused with this. */
    public synchronized void refuse(Fault with) {
        refusal = Optional.of(with);
    }

    /** What becomes of every operation at once. */
    public synchronized void finishWith(Operation.Status status, Map<String, String> result) {
        onSubmit = operation -> operation.running(Samples.NOW).finished(status, result, Samples.LATER);
    }

    public synchronized void become(Operation operation) {
        operations.put(operation.id(), operation);
    }

    /** Waits until some request has looked an operation up, and so has been received. */
    public void awaitLookUp(Duration atMost) throws InterruptedException {
        if (!lookedUp.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("no operation was looked up within " + atMost);
        }
    }

    @Override
    public synchronized MigrationView view() {
        speak();
        return view;
    }

    @Override
    public synchronized List<TableView> tables() {
        speak();
        return tables;
    }

    @Override
    public synchronized List<Gate> gates() {
        speak();
        return gates;
    }

    @Override
    public synchronized List<MigrationEvent> events(long since, int most) {
        speak();
        return events.stream()
                .filter(event -> event.number() > since)
                .limit(most)
                .toList();
    }

    @Override
    public synchronized List<ConflictView> conflicts(int most) {
        return conflicts.stream().limit(most).toList();
    }

    @Override
    public synchronized Optional<Verification> lastVerification() {
        speak();
        return verification;
    }

    @Override
    public synchronized PlanView plan(String what) {
        speak();
        return Samples.plan(what);
    }

    @Override
    public synchronized Operation submit(Request request) {
        speak();
        if (refusal.isPresent()) {
            throw refusal.get().asException();
        }
        Optional<Operation> earlier = earlier(request);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        Operation operation = onSubmit.apply(new Operation(
                "op-" + (operations.size() + 1),
                request.type(),
                request.parameters(),
                request.reason(),
                request.by(),
                Operation.Status.PENDING,
                Map.of(),
                Samples.NOW,
                Optional.empty(),
                Optional.empty()));
        operations.put(operation.id(), operation);
        if (!request.idempotencyKey().isEmpty()) {
            idsByKey.put(request.idempotencyKey(), operation.id());
        }
        view = view.versioned(view.version() + "+" + operation.id());
        return operation;
    }

    @Override
    public synchronized Optional<Operation> earlier(Request request) {
        speak();
        Optional<Operation> known =
                Optional.ofNullable(idsByKey.get(request.idempotencyKey())).map(operations::get);
        if (known.isPresent() && !request.asksFor(known.get())) {
            throw Fault.of(FaultCode.CONFLICT, "the key was used for another request")
                    .asException();
        }
        return known;
    }

    @Override
    public synchronized Optional<Operation> operation(String id) {
        lookedUp.countDown();
        speak();
        return Optional.ofNullable(operations.get(id));
    }

    @Override
    public synchronized List<Operation> operations(int most) {
        speak();
        return new ArrayList<>(operations.values())
                .reversed().stream().limit(most).toList();
    }

    @Override
    public synchronized ReportView report() {
        speak();
        return new ReportView(view, tables, verification, operations(100), events);
    }

    private void speak() {
        if (silence.isPresent()) {
            throw silence.get();
        }
    }
}
