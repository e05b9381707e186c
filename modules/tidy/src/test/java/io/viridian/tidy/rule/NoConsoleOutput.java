package io.viridian.tidy.rule;

import com.sun.source.tree.MemberSelectTree;
import io.viridian.tidy.source.SourceFile;
import java.util.Set;
import java.util.stream.Stream;

/** {@code System.out} and {@code System.err}, in full, imported or passed on. */
final class NoConsoleOutput implements FileRule {
    /**
     * The verbs talk to a person, the bench prints its table, tidy says which layers it saw, and the child processes of
     * the testkit report to their parent.
     */
    private static final Set<String> SPEAKING_MODULES = Set.of("cli", "bench", "tidy", "testkit", "model", "demo");

    private static final Set<String> SYSTEM = Set.of("System", "java.lang.System");
    private static final Set<String> STREAMS = Set.of("out", "err");

    @Override
    public Reason reason() {
        return new Reason(
                "no-console-output",
                "a daemon's console has no level, no time and often no reader; stdout belongs to the verbs",
                "log it where it is handled, or answer it to the caller");
    }

    @Override
    public Stream<Finding> check(SourceFile file) {
        if (SPEAKING_MODULES.contains(file.module()) || catchesOutput(file)) {
            return Stream.empty();
        }
        return file.all(MemberSelectTree.class)
                .filter(select -> SYSTEM.contains(select.getExpression().toString())
                        && STREAMS.contains(select.getIdentifier().toString()))
                .map(select -> reason().at(file, select, select.toString()));
    }

    /** A test that looks at what is printed has to name the stream to give it back afterwards. */
    private static boolean catchesOutput(SourceFile file) {
        return !file.isProduction()
                && file.all(MemberSelectTree.class)
                        .anyMatch(select -> select.toString().matches("System\\.set(Out|Err)"));
    }
}
