package io.viridian.bench;

import java.util.Locale;

/**
 * What the process of the measurements held, daemons and writers together.
 *
 * @param heapPeakBytes the most; the peaks of the heap's parts added up, so never too little
 * @param heapKeptBytes the most that was left by a collection; zero when nothing was collected
 * @param heapLimitBytes what it could have held
 */
record Memory(long heapPeakBytes, long heapKeptBytes, long heapLimitBytes) {
    private static final double BYTES_PER_MIB = 1024.0 * 1024;

    String words() {
        return String.format(
                Locale.ROOT,
                "heap of daemon and writers at most %,.0f MiB of %,.0f MiB, of it %,.0f MiB after a collection",
                heapPeakBytes / BYTES_PER_MIB,
                heapLimitBytes / BYTES_PER_MIB,
                heapKeptBytes / BYTES_PER_MIB);
    }
}
