package io.viridian.postgres;

import io.viridian.position.Lsn;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The current row of a result; columns count from 1. Valid only while its {@link RowReader} runs. */
public final class Row {
    private final ResultSet results;

    Row(ResultSet results) {
        this.results = results;
    }

    /** A text that must not be null. */
    public String text(int column) {
        String value = nullableText(column);
        if (value == null) {
            throw new IllegalStateException("column " + column + " of the result is null");
        }
        return value;
    }

    public Optional<String> optionalText(int column) {
        return Optional.ofNullable(nullableText(column));
    }

    public @Nullable String nullableText(int column) {
        try {
            return results.getString(column);
        } catch (SQLException failure) {
            throw new Session.UncheckedSql(failure);
        }
    }

    public long number(int column) {
        try {
            return results.getLong(column);
        } catch (SQLException failure) {
            throw new Session.UncheckedSql(failure);
        }
    }

    public boolean truth(int column) {
        try {
            return results.getBoolean(column);
        } catch (SQLException failure) {
            throw new Session.UncheckedSql(failure);
        }
    }

    public Lsn lsn(int column) {
        return Lsn.parse(text(column));
    }

    public Optional<Lsn> optionalLsn(int column) {
        return optionalText(column).map(Lsn::parse);
    }

    /** A {@code text[]} without nulls; an SQL null reads as an empty list. */
    public List<String> texts(int column) {
        try {
            Array array = results.getArray(column);
            return array == null ? List.of() : List.of((String[]) array.getArray());
        } catch (SQLException failure) {
            throw new Session.UncheckedSql(failure);
        }
    }
}
