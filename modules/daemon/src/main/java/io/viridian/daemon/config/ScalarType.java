package io.viridian.daemon.config;

import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A value written as one text.
 *
 * @param rule the end of the sentence "must be …"
 * @param parser refuses with an {@link IllegalArgumentException} that says what is wrong, without the text
 * @param limits what a well-formed value must keep besides
 * @param formatter back to text
 * @param mask hides what is secret in a text as given
 * @param embedding what happens to the value of a reference inside a longer text
 * @param schema JSON Schema of the text
 */
record ScalarType<T>(
        String rule,
        Parser<T> parser,
        Predicate<T> limits,
        Function<T, String> formatter,
        UnaryOperator<String> mask,
        UnaryOperator<String> embedding,
        Map<String, Object> schema)
        implements KeyType<T> {
    /** Reads one text; relative paths are meant from {@code place}. */
    @FunctionalInterface
    interface Parser<T> {
        T parse(String text, Place place);
    }

    static <T> ScalarType<T> of(String rule, Function<String, T> parser, Map<String, Object> schema) {
        return new ScalarType<>(
                rule,
                (text, _) -> parser.apply(text),
                _ -> true,
                Object::toString,
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                schema);
    }

    ScalarType<T> ruledBy(String other) {
        return new ScalarType<>(other, parser, limits, formatter, mask, embedding, schema);
    }

    ScalarType<T> parsedBy(Parser<T> other) {
        return new ScalarType<>(rule, other, limits, formatter, mask, embedding, schema);
    }

    ScalarType<T> limitedTo(Predicate<T> other) {
        return new ScalarType<>(rule, parser, other, formatter, mask, embedding, schema);
    }

    ScalarType<T> printedBy(Function<T, String> other) {
        return new ScalarType<>(rule, parser, limits, other, mask, embedding, schema);
    }

    ScalarType<T> maskedBy(UnaryOperator<String> other) {
        return new ScalarType<>(rule, parser, limits, formatter, other, embedding, schema);
    }

    ScalarType<T> embeddingBy(UnaryOperator<String> other) {
        return new ScalarType<>(rule, parser, limits, formatter, mask, other, schema);
    }

    T parse(String text, Place place) {
        T value = parser.parse(text, place);
        if (!limits.test(value)) {
            throw new IllegalArgumentException("outside its limits");
        }
        return value;
    }

    @Override
    public boolean accepts(T value) {
        return limits.test(value);
    }

    @Override
    public String format(T value) {
        return mask.apply(formatter.apply(value));
    }
}
