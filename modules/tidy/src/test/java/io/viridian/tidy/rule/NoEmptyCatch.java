package io.viridian.tidy.rule;

import com.sun.source.tree.CatchTree;
import io.viridian.tidy.source.SourceFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Catch blocks without a statement, unless a comment in them says why nothing is to be done. No comment excuses leaving
 * an interrupt or whole families of failures alone: whoever writes it cannot know them all.
 */
final class NoEmptyCatch implements FileRule {
    private static final Pattern NEVER_LEFT_ALONE =
            Pattern.compile("\\b(Throwable|Exception|RuntimeException|Error|InterruptedException)\\b");

    @Override
    public Reason reason() {
        return new Reason(
                "no-empty-catch",
                "a failure that vanishes here comes back later as data nobody can explain",
                "let it pass, turn it into a Fault, keep it with addSuppressed, or say in a comment why it is harmless");
    }

    @Override
    public Stream<Finding> check(SourceFile file) {
        return file.all(CatchTree.class)
                .filter(caught -> caught.getBlock().getStatements().isEmpty())
                .filter(caught -> leavesTooMuchAlone(caught) || !isExplained(file, caught))
                .map(caught -> reason().at(
                                file,
                                caught,
                                "empty catch of " + caught.getParameter().getType()));
    }

    private static boolean leavesTooMuchAlone(CatchTree caught) {
        return NEVER_LEFT_ALONE
                .matcher(caught.getParameter().getType().toString())
                .find();
    }

    private static boolean isExplained(SourceFile file, CatchTree caught) {
        int first = file.firstLine(caught.getBlock());
        int last = file.lastLine(caught.getBlock());
        return file.comments().anyMatch(comment -> first <= comment.line() && comment.lastLine() <= last);
    }
}
