package io.viridian.daemon.config;

import java.util.List;
import java.util.stream.Collectors;

/** A list of scalars; in a variable or a flag, where there is only a text, separated by commas. */
record ListType<E>(ScalarType<E> element) implements KeyType<List<E>> {
    @Override
    public String rule() {
        return "a list, each element " + element.rule();
    }

    @Override
    public boolean accepts(List<E> values) {
        return values.stream().allMatch(element::accepts);
    }

    @Override
    public String format(List<E> values) {
        return values.stream()
                .map(value -> '"' + element.format(value) + '"')
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
