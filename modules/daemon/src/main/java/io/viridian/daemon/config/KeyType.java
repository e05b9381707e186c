package io.viridian.daemon.config;

/** How the values of a key are read, checked and printed. */
sealed interface KeyType<T> permits ScalarType, ListType {
    /** What a value must be, as the end of the sentence "must be …". */
    String rule();

    boolean accepts(T value);

    /** As the operator would write it, secrets masked. */
    String format(T value);
}
