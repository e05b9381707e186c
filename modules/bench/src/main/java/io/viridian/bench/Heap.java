package io.viridian.bench;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/**
 * What the heap held at most since the last restart: with what waits for the collector, which grows into whatever room
 * there is, and right after a collection, which is nearer to what is needed. The measuring thread restarts and reads.
 */
final class Heap implements AutoCloseable {
    private final AtomicLong kept = new AtomicLong();
    private final Set<String> parts =
            pools().stream().map(MemoryPoolMXBean::getName).collect(Collectors.toSet());
    private final NotificationListener listener = (notification, _) -> collected(notification);

    Heap() {
        emitters().forEach(emitter -> emitter.addNotificationListener(listener, null, null));
    }

    private static List<MemoryPoolMXBean> pools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
    }

    private static List<NotificationEmitter> emitters() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .filter(NotificationEmitter.class::isInstance)
                .map((GarbageCollectorMXBean collector) -> (NotificationEmitter) collector)
                .toList();
    }

    private void collected(Notification notification) {
        if (notification.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
            Map<String, java.lang.management.MemoryUsage> after = GarbageCollectionNotificationInfo.from(
                            (CompositeData) notification.getUserData())
                    .getGcInfo()
                    .getMemoryUsageAfterGc();
            long used = after.entrySet().stream()
                    .filter(pool -> parts.contains(pool.getKey()))
                    .mapToLong(pool -> pool.getValue().getUsed())
                    .sum();
            kept.accumulateAndGet(used, Math::max);
        }
    }

    void restart() {
        pools().forEach(MemoryPoolMXBean::resetPeakUsage);
        kept.set(0);
    }

    /** The peaks of its parts added up, so never too little. */
    long peakBytes() {
        long peak = pools().stream()
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(java.lang.management.MemoryUsage::getUsed)
                .sum();
        return Math.min(peak, Runtime.getRuntime().maxMemory());
    }

    /** Zero when nothing was collected. */
    long keptBytes() {
        return kept.get();
    }

    Memory memory() {
        return new Memory(peakBytes(), keptBytes(), Runtime.getRuntime().maxMemory());
    }

    @Override
    public void close() {
        for (NotificationEmitter emitter : emitters()) {
            try {
                emitter.removeNotificationListener(listener);
            } catch (ListenerNotFoundException gone) {
                throw new IllegalStateException(gone);
            }
        }
    }
}
