package io.viridian.bench;

import java.util.List;

/**
 * One kind of tables and how long their initial load took in each way.
 *
 * @param volume its id
 * @param words for people
 * @param rows of all tables together
 * @param ways seconds
 */
record Load(String volume, String words, long rows, List<Series> ways) {
    Load {
        ways = List.copyOf(ways);
    }
}
