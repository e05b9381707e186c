package io.viridian.replication.apply;

import io.viridian.feed.Tuple;
import java.util.List;
import java.util.Optional;

/**
 * Asked, while tables are being copied, for a row whose key changed and that is not on the target: it came into copied
 * key space without its large values, and had moved on when the source was asked for it.
 */
@FunctionalInterface
public interface MissingRow {
    /** The row under its new key, as the source has it now; empty when it is gone there too. */
    Optional<Tuple> read(SourceLayout source, List<String> key);
}
