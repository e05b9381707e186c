package io.viridian.bench;

import java.util.List;

/**
 * What was measured of one way, a value for each round.
 *
 * @param way its id
 * @param words for people
 */
record Series(String way, String words, List<Double> values) {
    Series {
        values = List.copyOf(values);
    }

    Spread spread() {
        return Spread.of(values);
    }
}
