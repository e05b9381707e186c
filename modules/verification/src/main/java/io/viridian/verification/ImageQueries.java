package io.viridian.verification;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The questions that are put to an image, the same ones on both sides. All of them are plain SQL without parameters:
 * the mapping's expressions are in them, and the driver would take a question mark there for a parameter.
 */
record ImageQueries(Image image, Canonical canonical) {
    /** Enough of a value to recognise it; the rest is told by its length and a hash. */
    private static final int SHOWN_CHARACTERS = 200;

    /** One row: {@link Totals}. */
    String totals() {
        return "select count(*), coalesce(sum(a), 0)::text, coalesce(sum(b), 0)::text from (" + digests(Map.of())
                + ") as d";
    }

    /** One row per bucket that is not empty: its number and its {@link Totals}. */
    String buckets(long mask) {
        return "select h & " + mask + ", count(*), sum(a)::text, sum(b)::text from (" + named(Map.of())
                + ") as d group by 1";
    }

    /** The {@link RowDigest}s of these buckets, each after the number of its bucket, in the order of buckets. */
    String rows(long mask, Collection<Long> buckets) {
        String chosen = buckets.stream().map(String::valueOf).collect(Collectors.joining(","));
        String from = " from (" + named(Map.of()) + ") as d where h & " + mask + " = any('{" + chosen + "}'::bigint[])";
        return keyed()
                ? "select h & " + mask + ", k, a, b, 1::bigint" + from + " order by 1"
                : "select min(h & " + mask + "), k, a, b, count(*)" + from + " group by k, a, b order by 1";
    }

    /** All {@link RowDigest}s, in no order. */
    String rows() {
        return "select k, a, b, 1::bigint from (" + named(Map.of()) + ") as d";
    }

    /** One row for each of these keys: the key and the text of every column, cut where it is long. */
    String texts(Collection<String> keys) {
        Map<String, String> columns = new LinkedHashMap<>();
        image.columns().forEach(column -> columns.put(column.sql(), column.sql()));
        String shown = image.columns().stream()
                .map(column -> shown("(" + column.sql() + ")::text"))
                .collect(Collectors.joining(", "));
        return "select distinct on (k) k, " + shown + " from (" + named(columns) + ") as d where k = any("
                + KeyBatch.texts(List.copyOf(keys)) + ")";
    }

    private boolean keyed() {
        return !image.key().isEmpty();
    }

    private String shown(String text) {
        String hash = "left(encode(sha256(" + canonical.bytes(text) + "), 'hex'), 16)";
        return "case when length(" + text + ") > " + SHOWN_CHARACTERS + " then left(" + text + ", " + SHOWN_CHARACTERS
                + ") || '... (' || length(" + text + ") || ' characters, sha256 ' || " + hash + " || ')' else " + text
                + " end";
    }

    /** The digests with the key as {@code k} and the number that decides the bucket as {@code h}. */
    private String named(Map<String, String> passed) {
        if (!keyed()) {
            return "select a::text || ':' || b::text as k, a as h, a, b" + names(passed) + " from (" + digests(passed)
                    + ") as r";
        }
        Map<String, String> more = new LinkedHashMap<>(passed);
        more.put(
                "k",
                image.key().stream()
                        .map(column -> "(" + column.sql() + ")::text")
                        .collect(Collectors.joining(", ", "row(", ")::text")));
        more.put("h", canonical.tier().number(canonical.row(image.key())));
        return digests(more);
    }

    /**
     * Every row as {@code a} and {@code b}, both computed from one value that is evaluated once per row, with whatever
     * else is passed on by name.
     */
    private String digests(Map<String, String> passed) {
        String also = passed.entrySet().stream()
                .map(entry -> ", " + entry.getValue() + " as " + entry.getKey())
                .collect(Collectors.joining());
        // OFFSET keeps the planner from merging the queries, which would evaluate the row's hash three times. Unlike
        // the
        // usual "offset 0", a constant that already is a bigint does not rule out a parallel plan.
        return "select " + canonical.tier().first("v") + " as a, "
                + canonical.tier().second("v") + " as b"
                + names(passed) + " from (select " + canonical.tier().value(canonical.row(image.columns())) + " as v"
                + also + " from (" + image.sql() + ") as i offset bigint '0') as e";
    }

    private static String names(Map<String, String> passed) {
        return passed.keySet().stream().map(name -> ", " + name).collect(Collectors.joining());
    }
}
