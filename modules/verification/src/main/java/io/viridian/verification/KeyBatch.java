package io.viridian.verification;

import io.viridian.plan.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Source keys on their way into a query, as a relation of texts; whoever uses a column casts it to its type.
 *
 * @param keys the values of the source key's columns, in that order, no key twice
 */
record KeyBatch(List<List<String>> keys) {
    KeyBatch {
        keys = List.copyOf(keys);
    }

    String relation() {
        int width = keys.isEmpty() ? 0 : keys.getFirst().size();
        String arrays = IntStream.range(0, width).mapToObj(this::array).collect(Collectors.joining(", "));
        String names = IntStream.range(0, width).mapToObj(KeyBatch::name).collect(Collectors.joining(", "));
        return "unnest(" + arrays + ") as viridian_keys(" + names + ")";
    }

    String column(int index) {
        return "viridian_keys." + name(index);
    }

    private static String name(int index) {
        return "viridian_k" + index;
    }

    private String array(int index) {
        return texts(keys.stream().map(key -> key.get(index)).toList());
    }

    /** A {@code text[]} constant. */
    static String texts(List<String> values) {
        List<String> quoted = new ArrayList<>();
        for (String value : values) {
            quoted.add('"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
        }
        return Sql.literal("{" + String.join(",", quoted) + "}") + "::text[]";
    }
}
