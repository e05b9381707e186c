package io.viridian.daemon;

import io.viridian.control.ConflictView;
import io.viridian.control.MigrationControl;
import io.viridian.control.MigrationEvent;
import io.viridian.control.MigrationView;
import io.viridian.control.PlanView;
import io.viridian.control.ReportView;
import io.viridian.control.TableView;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.migration.Gate;
import io.viridian.migration.Operation;
import io.viridian.proof.Verification;
import java.util.List;
import java.util.Optional;

/** What a daemon answers that stands by: that another one leads, and who that is. Any thread. */
final class Standby implements MigrationControl {
    private final String migration;
    private volatile String leader = "the servers have not been asked yet";

    Standby(String migration) {
        this.migration = migration;
    }

    /** Who leads, or why that is not known, one sentence. */
    void waitsFor(String sentence) {
        leader = sentence;
    }

    /** For whoever asks whether it is ready. */
    Optional<String> missing() {
        return Optional.of("stands by: " + leader);
    }

    private FaultException elsewhere() {
        return Fault.about(
                        FaultCode.HELD_BY_ANOTHER,
                        migration,
                        "this daemon stands by; ask the one that leads: " + leader)
                .asException();
    }

    @Override
    public MigrationView view() {
        throw elsewhere();
    }

    @Override
    public List<TableView> tables() {
        throw elsewhere();
    }

    @Override
    public List<Gate> gates() {
        throw elsewhere();
    }

    @Override
    public List<MigrationEvent> events(long since, int most) {
        throw elsewhere();
    }

    @Override
    public List<ConflictView> conflicts(int most) {
        throw elsewhere();
    }

    @Override
    public Optional<Verification> lastVerification() {
        throw elsewhere();
    }

    @Override
    public PlanView plan(String what) {
        throw elsewhere();
    }

    @Override
    public Operation submit(Request request) {
        throw elsewhere();
    }

    @Override
    public Optional<Operation> earlier(Request request) {
        throw elsewhere();
    }

    @Override
    public Optional<Operation> operation(String id) {
        throw elsewhere();
    }

    @Override
    public List<Operation> operations(int most) {
        throw elsewhere();
    }

    @Override
    public ReportView report() {
        throw elsewhere();
    }
}
