package io.viridian.journal;

import io.viridian.postgres.Row;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Instants in and out of {@code timestamptz}, as whole microseconds, which is all that the type holds. */
final class Moment {
    private Moment() {}

    /** The SQL that gives a column in the form {@link #of} reads. */
    static String sql(String column) {
        return "(extract(epoch from " + column + ") * 1000000)::bigint";
    }

    static Instant of(Row row, int column) {
        return ofMicros(row.number(column));
    }

    static Optional<Instant> optional(Row row, int column) {
        return row.optionalText(column).map(Long::parseLong).map(Moment::ofMicros);
    }

    private static Instant ofMicros(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
