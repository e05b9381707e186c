package io.viridian.verification;

/** The rows on both sides that belong to some keys. */
interface KeyedImages {
    /** What the mapping makes of them. */
    Image source(KeyBatch keys);

    /** What the target holds of them. */
    Image target(KeyBatch keys);
}
