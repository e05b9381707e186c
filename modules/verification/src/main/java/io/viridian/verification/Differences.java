package io.viridian.verification;

import io.viridian.plan.TableName;
import io.viridian.postgres.Row;
import io.viridian.postgres.Session;
import io.viridian.proof.Verification.ColumnDifference;
import io.viridian.proof.Verification.Kind;
import io.viridian.proof.Verification.RowDifference;
import io.viridian.time.Deadline;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The differing rows of one table: all counted, the first ones told column by column. One thread. */
final class Differences {
    /** More would not be read by anybody; the count tells the extent. */
    static final int LISTED = 100;

    private final TableName target;
    private final List<RowDifference> told = new ArrayList<>();
    private final List<Surplus.Found> untold = new ArrayList<>();
    private long room = LISTED;
    private long counted;

    Differences(TableName target) {
        this.target = target;
    }

    long counted() {
        return counted;
    }

    List<RowDifference> told() {
        return told;
    }

    /** Counts these rows and keeps the first of them to be told. */
    void count(List<Surplus.Found> found) {
        for (Surplus.Found one : found) {
            counted += one.rows();
            long rows = Math.min(one.rows(), room);
            if (rows > 0) {
                untold.add(new Surplus.Found(one.key(), one.kind(), rows));
                room -= rows;
            }
        }
    }

    /** Fetches what is to be told of the rows counted since, through the same images that they were found with. */
    void tell(SessionPair sessions, ImageQueries source, ImageQueries there, Deadline by) throws InterruptedException {
        if (untold.isEmpty()) {
            return;
        }
        Set<String> keys = untold.stream().map(Surplus.Found::key).collect(Collectors.toCollection(LinkedHashSet::new));
        SessionPair.Both<Map<String, List<@Nullable String>>> texts = sessions.ask(
                "fetching the rows that differ",
                session -> texts(session, source, keys),
                session -> texts(session, there, keys),
                by);
        for (Surplus.Found one : untold) {
            RowDifference difference = difference(one, texts, source.image());
            for (long times = 0; times < one.rows(); times++) {
                told.add(difference);
            }
        }
        untold.clear();
    }

    private static Map<String, List<@Nullable String>> texts(
            Session session, ImageQueries queries, Collection<String> keys) {
        int columns = queries.image().columns().size();
        Map<String, List<@Nullable String>> texts = new HashMap<>();
        Statements.list(session, queries.texts(keys), row -> texts.put(row.text(1), values(row, columns)));
        return texts;
    }

    private static List<@Nullable String> values(Row row, int columns) {
        List<@Nullable String> values = new ArrayList<>();
        for (int column = 0; column < columns; column++) {
            values.add(row.nullableText(column + 2));
        }
        return values;
    }

    private RowDifference difference(
            Surplus.Found found, SessionPair.Both<Map<String, List<@Nullable String>>> texts, Image image) {
        List<@Nullable String> source = texts.source().get(found.key());
        List<@Nullable String> there = texts.target().get(found.key());
        List<@Nullable String> either = source == null ? there : source;
        if (either == null) {
            throw Unfinished.fault("row " + found.key() + " of " + target + " was there and is gone in one snapshot");
        }
        List<ColumnDifference> columns = new ArrayList<>();
        if (found.kind() == Kind.DIFFERENT && source != null && there != null) {
            for (Image.Column column : image.columns()) {
                @Nullable String expected = source.get(column.index());
                @Nullable String actual = there.get(column.index());
                if (!Objects.equals(expected, actual)) {
                    columns.add(new ColumnDifference(column.name(), told(expected), told(actual)));
                }
            }
        }
        return new RowDifference(target, key(image, either), found.kind(), columns);
    }

    private static String key(Image image, List<@Nullable String> values) {
        List<Image.Column> naming = image.key().isEmpty() ? image.columns() : image.key();
        return naming.stream()
                .map(column -> column.name() + "=" + told(values.get(column.index())))
                .collect(Collectors.joining(", "));
    }

    /** A value for people: quoted only where it could be mistaken for something else. */
    static String told(@Nullable String value) {
        if (value == null) {
            return "NULL";
        }
        boolean mistakable = value.isEmpty()
                || !value.equals(value.strip())
                || value.startsWith("'")
                || value.toUpperCase(Locale.ROOT).equals("NULL");
        return mistakable ? "'" + value + "'" : value;
    }
}
