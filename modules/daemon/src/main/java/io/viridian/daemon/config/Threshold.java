package io.viridian.daemon.config;

import java.util.Arrays;
import java.util.function.DoublePredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a number must be, like {@code < 0.01}. */
public record Threshold(Comparison comparison, double limit) {
    private static final Pattern FORM = Pattern.compile("(<=|>=|==|!=|<|>)\\s*([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)");

    /** How a number is compared with the limit. */
    public enum Comparison {
        LESS("<"),
        AT_MOST("<="),
        MORE(">"),
        AT_LEAST(">="),
        EQUAL("=="),
        OTHER("!=");

        private final String sign;

        Comparison(String sign) {
            this.sign = sign;
        }
    }

    static Threshold parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException("no comparison with a number");
        }
        Comparison comparison = Arrays.stream(Comparison.values())
                .filter(one -> one.sign.equals(form.group(1)))
                .findFirst()
                .orElseThrow();
        return new Threshold(comparison, Double.parseDouble(form.group(2)));
    }

    /** Whether the number is as it must be; never for one that is no number. */
    public boolean holds(double value) {
        DoublePredicate predicate = switch (comparison) {
            case LESS -> number -> number < limit;
            case AT_MOST -> number -> number <= limit;
            case MORE -> number -> number > limit;
            case AT_LEAST -> number -> number >= limit;
            case EQUAL -> number -> Double.compare(number, limit) == 0;
            case OTHER -> number -> Double.compare(number, limit) != 0;
        };
        return !Double.isNaN(value) && predicate.test(value);
    }

    @Override
    public String toString() {
        return comparison.sign + " " + limit;
    }
}
