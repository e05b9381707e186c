package io.viridian.postgres;

/** Turns a result row into a value. */
@FunctionalInterface
public interface RowReader<T> {
    T read(Row row);
}
