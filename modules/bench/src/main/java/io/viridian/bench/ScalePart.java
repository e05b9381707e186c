package io.viridian.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is measured for itself, since all of it takes hours; the order is that of a whole run. */
enum ScalePart {
    TABLES,
    DRAINS,
    LARGE,
    ROWS;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The parts of these names; all when there is none.
     *
     * @throws BenchFailure when there is no part of a name
     */
    static List<ScalePart> of(List<String> names) {
        if (names.isEmpty()) {
            return List.of(values());
        }
        return names.stream().map(ScalePart::of).toList();
    }

    private static ScalePart of(String name) {
        return Arrays.stream(values())
                .filter(part -> part.text().equals(name))
                .findFirst()
                .orElseThrow(() -> new BenchFailure("scale has no part '%s'; there are %s, and page makes the page anew"
                        .formatted(
                                name,
                                Arrays.stream(values()).map(ScalePart::text).collect(Collectors.joining(", ")))));
    }
}
