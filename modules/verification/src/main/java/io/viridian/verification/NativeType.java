package io.viridian.verification;

import java.util.List;
import java.util.Optional;

/**
 * Types whose values are hashed as they are, or in their binary wire form, without going through text. All others are
 * hashed as text: their hash functions ignore what we must not (the scale of a numeric, the sign of a zero, the
 * trailing spaces of a bpchar), or hash an object id that differs between servers (enum), or do not exist.
 *
 * <p>64-bit integers and timestamps go in wire form because {@code hashint8extended} folds its argument to 32 bits
 * (PostgreSQL 14-18): -5 and 4294967291 have the same hash under every seed.
 *
 * @param name of the type in pg_catalog
 * @param form the hashed expression, with {@code %s} for the value
 * @param samples constants whose hashes show whether two servers agree
 */
record NativeType(String name, String form, List<String> samples) {
    private static final List<NativeType> ALL = List.of(
            new NativeType("bool", "%s", List.of("true", "false")),
            new NativeType("int2", "%s", List.of("0", "-1", "32767")),
            new NativeType("int4", "%s", List.of("0", "-1", "2147483647", "-2147483648")),
            new NativeType("oid", "%s", List.of("0", "4294967295")),
            new NativeType("date", "%s", List.of("2024-02-29", "0044-03-15 BC", "infinity", "-infinity")),
            new NativeType("uuid", "%s", List.of("00112233-4455-6677-8899-aabbccddeeff")),
            new NativeType("bytea", "%s", List.of("", "\\x00", "\\x00ff00112233445566778899aabbccddeeff")),
            new NativeType(
                    "text", "%s collate \"C\"", List.of("", " ", "Alpha", "a longer text, of many words: 0123456")),
            new NativeType("varchar", "%s collate \"C\"", List.of("", " ", "Alpha", "twelve bytes")),
            new NativeType("int8", "int8send(%s)", List.of("0", "-5", "4294967291", "9223372036854775807")),
            new NativeType(
                    "numeric",
                    "numeric_send(%s)",
                    List.of("0", "0.00", "1.0", "1.00", "-12345678901234567890.123456789", "1e-20", "NaN", "Infinity")),
            new NativeType("timestamp", "timestamp_send(%s)", List.of("2024-02-29 12:34:56.789012", "infinity")),
            new NativeType(
                    "timestamptz", "timestamptz_send(%s)", List.of("2024-02-29 12:34:56.789012+02", "-infinity")),
            new NativeType("time", "time_send(%s)", List.of("00:00:00", "23:59:59.999999", "24:00:00")));

    NativeType {
        samples = List.copyOf(samples);
    }

    static List<NativeType> all() {
        return ALL;
    }

    static Optional<NativeType> named(String name) {
        return ALL.stream().filter(type -> type.name.equals(name)).findFirst();
    }

    boolean isText() {
        return name.equals("text") || name.equals("varchar");
    }

    String of(String expression) {
        return form.formatted(expression);
    }
}
