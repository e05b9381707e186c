package io.viridian.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * Where it was measured.
 *
 * @param memoryBytes of the whole machine
 */
record Machine(int cores, long memoryBytes, String system, String java) {
    private static final double BYTES_PER_GIB = 1024.0 * 1024 * 1024;

    static Machine here() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                system.getTotalMemorySize(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                System.getProperty("java.vm.version"));
    }

    String words() {
        return String.format(
                Locale.ROOT, "%d cores, %.1f GiB, %s, JVM %s", cores, memoryBytes / BYTES_PER_GIB, system, java);
    }
}
