package io.viridian.model.merge;

import java.util.Optional;

/** One row change as the stream carries it. Applied twice it does the same as once. */
sealed interface Change {
    Key key();

    /** The table after it; empty when the change is a partial image and there is no row to complete it. */
    Optional<Table> applyTo(Table table);

    /** An insert, or an update whose image is complete. */
    record Put(Key key, Row row) implements Change {
        @Override
        public Optional<Table> applyTo(Table table) {
            return Optional.of(table.with(key, row));
        }
    }

    /** An update that left the large column unchanged: its value is not in the stream. */
    record Patch(Key key, int small) implements Change {
        @Override
        public Optional<Table> applyTo(Table table) {
            Row base = table.row(key);
            return base.isAbsent() ? Optional.empty() : Optional.of(table.with(key, base.withSmall(small)));
        }
    }

    record Remove(Key key) implements Change {
        @Override
        public Optional<Table> applyTo(Table table) {
            return Optional.of(table.with(key, Row.ABSENT));
        }
    }
}
