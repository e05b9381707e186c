package io.viridian.cutover.gate;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import java.util.Optional;

/**
 * Nothing that the plan does not know has changed the source's tables, as far as the stream and the daemon have seen.
 */
final class SchemaQuiet implements Check {
    private static final String UNPLANNED =
            "Leave the named tables out (tables.exclude, or ignore: in the mapping) and start the daemon again, or drop "
                    + "them; to take them along, abort and begin anew.";

    @Override
    public String id() {
        return "schema.quiet";
    }

    @Override
    public String firmBecause() {
        return "what the plan does not know of is not carried over, and would be missing on the side "
                + "that is to own the writes";
    }

    @Override
    public Optional<Observation> observe(Inquiry inquiry) {
        Optional<String> stopped = inquiry.facts()
                .lane()
                .fault()
                .filter(fault -> fault.code() == FaultCode.SCHEMA_CHANGED)
                .map(Fault::detail);
        Optional<String> change = inquiry.facts().schemaChange().or(() -> stopped);
        Optional<String> unplanned = inquiry.facts().unplannedTables();
        if (change.isEmpty() && unplanned.isPresent()) {
            return Observation.of(false, unplanned.get(), "no table that the plan does not know", UNPLANNED);
        }
        return Observation.of(
                change.isEmpty(), change.orElse("unchanged"), "unchanged", FaultCode.SCHEMA_CHANGED.remedy());
    }
}
