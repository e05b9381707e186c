package io.viridian.cutover.gate;

import java.util.List;
import java.util.Optional;

/** No prepared transaction waits on the source: it holds its locks until somebody ends it. */
final class NoPrepared implements Check {
    private static final String PREPARED =
            "select gid from pg_prepared_xacts where database = current_database() order by prepared limit 5";

    @Override
    public String id() {
        return "prepared.none";
    }

    @Override
    public String firmBecause() {
        return "";
    }

    @Override
    public Optional<Observation> observe(Inquiry inquiry) {
        List<String> found = inquiry.ask(inquiry.source(), session -> session.list(PREPARED, row -> row.text(1)));
        return Observation.of(
                found.isEmpty(),
                found.isEmpty() ? "none" : String.join(", ", found),
                "none",
                "Let its transaction manager end it: COMMIT PREPARED or ROLLBACK PREPARED.");
    }
}
