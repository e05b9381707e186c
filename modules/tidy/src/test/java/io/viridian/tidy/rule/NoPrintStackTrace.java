package io.viridian.tidy.rule;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.Tree;
import io.viridian.tidy.source.SourceFile;
import java.util.stream.Stream;

/** {@code printStackTrace()} to the console. Printing into a writer the caller gives is allowed. */
final class NoPrintStackTrace implements FileRule {
    private static final String NAME = "printStackTrace";

    @Override
    public Reason reason() {
        return new Reason(
                "no-print-stack-trace",
                "the trace reaches no log and says neither which object nor what happens next",
                "log it with the exception as last argument, or throw it on; never both");
    }

    @Override
    public Stream<Finding> check(SourceFile file) {
        Stream<Tree> calls = file.all(MethodInvocationTree.class)
                .filter(call -> call.getArguments().isEmpty() && isPrint(call.getMethodSelect()))
                .map(Tree.class::cast);
        Stream<Tree> references = file.all(MemberReferenceTree.class)
                .filter(reference -> reference.getName().contentEquals(NAME))
                .map(Tree.class::cast);
        return Stream.concat(calls, references).map(node -> reason().at(file, node, node.toString()));
    }

    private static boolean isPrint(ExpressionTree callee) {
        return switch (callee) {
            case MemberSelectTree select -> select.getIdentifier().contentEquals(NAME);
            case IdentifierTree identifier -> identifier.getName().contentEquals(NAME);
            default -> false;
        };
    }
}
