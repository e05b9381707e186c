package io.viridian.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The logs of servers that are closed already, for a test that closes its servers and fails afterwards. Bounded,
 * because nobody has to ask for them. Any thread.
 */
final class ClosedLogs {

    private static final int KEPT_MAX = 16;
    private static final Deque<Path> KEPT = new ArrayDeque<>();

    private ClosedLogs() {}

    static synchronized void keep(String label, Path logFile) {
        try {
            Path kept = Workplace.newDirectory(label + "-closed");
            Files.copy(logFile, kept, StandardCopyOption.REPLACE_EXISTING);
            KEPT.add(kept);
            if (KEPT.size() > KEPT_MAX) {
                Files.deleteIfExists(KEPT.remove());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static synchronized List<Path> all() {
        return List.copyOf(KEPT);
    }

    static synchronized void forget() {
        for (Path kept : KEPT) {
            try {
                Files.deleteIfExists(kept);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        KEPT.clear();
    }
}
