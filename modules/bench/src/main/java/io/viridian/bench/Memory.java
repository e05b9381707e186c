package io.viridian.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Locale;

/**
 * What the process of the measurements held, daemons and writers together.
 *
 * @param heapPeakBytes the most; the peaks of the heap's parts added up, so never too little
 * @param heapLimitBytes what it could have held
 */
record Memory(long heapPeakBytes, long heapLimitBytes) {
    private static final double BYTES_PER_MIB = 1024.0 * 1024;

    static Memory untilNow() {
        long peak = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(java.lang.management.MemoryUsage::getUsed)
                .sum();
        long limit = Runtime.getRuntime().maxMemory();
        return new Memory(Math.min(peak, limit), limit);
    }

    String words() {
        return String.format(
                Locale.ROOT,
                "heap of daemon and writers at most %,.0f MiB of %,.0f MiB",
                heapPeakBytes / BYTES_PER_MIB,
                heapLimitBytes / BYTES_PER_MIB);
    }
}
