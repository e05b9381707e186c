package io.viridian.tidy.rule;

import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.Tree;
import io.viridian.tidy.source.SourceFile;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Sleeping in tests, by any of the JDK's names. Production code is held to more: only {@code io.viridian.time} may
 * sleep, and the layer tests see to that.
 */
final class NoSleeping implements FileRule {
    private static final Set<String> SLEEPS = Set.of("sleep", "parkNanos", "parkUntil");
    private static final Pattern SLEEPERS =
            Pattern.compile("(.*\\.)?(Thread|LockSupport|TimeUnit(\\.[A-Z]+)?|(NANO|MICRO|MILLI)?SECONDS|MINUTES)");

    @Override
    public Reason reason() {
        return new Reason(
                "no-sleeping",
                "a sleep is too short on a busy machine and too long on every other",
                "set a SettableClock, wake the Waiter, or await a condition with a deadline");
    }

    @Override
    public Stream<Finding> check(SourceFile file) {
        if (file.isProduction()) {
            return Stream.empty();
        }
        Stream<Tree> selections = file.all(MemberSelectTree.class)
                .filter(select -> sleeps(select.getExpression(), select.getIdentifier()))
                .map(Tree.class::cast);
        Stream<Tree> references = file.all(MemberReferenceTree.class)
                .filter(reference -> sleeps(reference.getQualifierExpression(), reference.getName()))
                .map(Tree.class::cast);
        return Stream.concat(selections, references).map(node -> reason().at(file, node, node.toString()));
    }

    private static boolean sleeps(Tree owner, CharSequence name) {
        return SLEEPS.contains(name.toString())
                && SLEEPERS.matcher(owner.toString()).matches();
    }
}
