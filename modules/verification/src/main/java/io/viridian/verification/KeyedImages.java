package io.viridian.verification;

import java.util.Optional;

/** The rows on both sides that belong to some keys. */
interface KeyedImages {
    /** What the mapping makes of them. */
    Image source(KeyBatch keys);

    /**
     * What the mapping makes of all rows that come to the keys which it makes of these; absent when no others do. Reads
     * the whole table.
     */
    default Optional<Image> sourceOfAllThatMeet(KeyBatch keys) {
        return Optional.empty();
    }

    /** What the target holds of them. */
    Image target(KeyBatch keys);
}
