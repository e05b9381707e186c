package io.viridian.bench;

import java.util.List;

/**
 * One backlog and how fast it arrived in each way.
 *
 * @param backlog its id
 * @param words for people
 * @param changes row changes it held
 * @param ways row changes per second
 */
record Drain(String backlog, String words, long changes, List<Series> ways) {
    Drain {
        ways = List.copyOf(ways);
    }
}
