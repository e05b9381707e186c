package io.viridian.model;

import java.util.Arrays;

/** A growing list of ints: millions of edges as boxed numbers would not fit into a test's heap. */
final class IntSequence {
    private int[] values = new int[1024];
    private int size;

    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = value;
    }

    int get(int index) {
        return values[index];
    }

    int size() {
        return size;
    }
}
