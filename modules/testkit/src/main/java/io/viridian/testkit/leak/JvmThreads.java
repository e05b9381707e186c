package io.viridian.testkit.leak;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names of all threads, virtual ones included: these appear in no enumeration of the JDK, only in the dump that its
 * diagnostic bean writes to a file.
 */
final class JvmThreads {

    /** A thread in the dump: {@code #42 "name" …}, with or without its state. */
    private static final Pattern THREAD = Pattern.compile("^#(\\d+) \"([^\"]*)\"");

    private JvmThreads() {}

    /** Name and number of each thread whose name begins so; the number tells threads of one name apart. */
    static Set<String> named(String prefix) throws IOException {
        Path directory = Files.createTempDirectory("threads");
        Path dump = directory.resolve("dump.txt");
        try {
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(dump.toAbsolutePath().toString(), ThreadDumpFormat.TEXT_PLAIN);
            return read(dump, prefix);
        } finally {
            Files.deleteIfExists(dump);
            Files.deleteIfExists(directory);
        }
    }

    private static Set<String> read(Path dump, String prefix) throws IOException {
        Set<String> threads = new TreeSet<>();
        try (Stream<String> lines = Files.lines(dump)) {
            lines.map(THREAD::matcher)
                    .filter(Matcher::find)
                    .filter(thread -> thread.group(2).startsWith(prefix))
                    .forEach(thread -> threads.add("thread %s (#%s)".formatted(thread.group(2), thread.group(1))));
        }
        return threads;
    }
}
