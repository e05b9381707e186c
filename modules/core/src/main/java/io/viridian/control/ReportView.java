package io.viridian.control;

import io.viridian.migration.Operation;
import io.viridian.proof.Verification;
import java.util.List;
import java.util.Optional;

/** The certificate: what was moved, proven and switched, with a timeline. */
public record ReportView(
        MigrationView view,
        List<TableView> tables,
        Optional<Verification> lastVerification,
        List<Operation> operations,
        List<MigrationEvent> events) {
    public ReportView {
        tables = List.copyOf(tables);
        operations = List.copyOf(operations);
        events = List.copyOf(events);
    }
}
