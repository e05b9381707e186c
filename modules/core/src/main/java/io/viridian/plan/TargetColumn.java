package io.viridian.plan;

import java.util.Set;

/**
 * A column of a route's target and what feeds it.
 *
 * @param type the target column's type; the expression is cast to it on whichever server evaluates it
 * @param storedAs the type as the column rounds to it: {@code numeric(12,2)} for a column declared so, else just the
 *     type
 * @param expression SQL over the route's alias, as the author wrote it or as it was derived
 * @param insertOnly a GENERATED ALWAYS AS IDENTITY column, which an update cannot set: a row in which it changes is
 *     removed and inserted anew
 * @param reads the source columns the expression may read; a superset is allowed, a subset is not
 */
public record TargetColumn(
        String name, TypeName type, String storedAs, boolean insertOnly, String expression, Set<String> reads) {
    public TargetColumn {
        reads = Set.copyOf(reads);
    }

    /** A column of a type that does not round, and that takes any value at any time. */
    public TargetColumn(String name, TypeName type, String expression, Set<String> reads) {
        this(name, type, type.sql(), false, expression, reads);
    }

    /** The expression as every server evaluates it: cast explicitly, so that both agree on the type. */
    public String castExpression() {
        return "(" + expression + ")::" + type.sql();
    }

    /** The value that the target holds once this expression was assigned to it. */
    public String storedExpression() {
        return "(" + expression + ")::" + storedAs;
    }
}
