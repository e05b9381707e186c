package io.viridian.daemon.config;

import java.util.Map;

/** How the values of a key are read, checked, printed and described. */
sealed interface KeyType<T> permits ScalarType, ListType {
    /** What a value must be, as the end of the sentence "must be …". */
    String rule();

    boolean accepts(T value);

    /** As the operator would write it, secrets masked. */
    String format(T value);

    /** The JSON Schema of a value. */
    Map<String, Object> schema();
}
