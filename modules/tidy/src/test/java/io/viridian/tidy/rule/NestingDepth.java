package io.viridian.tidy.rule;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.util.TreeScanner;
import io.viridian.tidy.source.SourceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Control structures and block lambdas inside one another. A chain of {@code else if} stays on one level. */
final class NestingDepth implements FileRule {
    /** The aim is three. */
    static final int LIMIT = 5;

    @Override
    public Reason reason() {
        return new Reason(
                "nesting-depth",
                "the reader must hold every enclosing condition in mind at once",
                "return early, or move the inner part to a method; aim for 3");
    }

    @Override
    public Stream<Finding> check(SourceFile file) {
        return file.all(MethodTree.class).flatMap(method -> {
            Depth depth = new Depth();
            depth.scan(method.getBody(), 0);
            return depth.tooDeep.stream()
                    .limit(1)
                    .map(node -> reason().at(
                                    file,
                                    node,
                                    "nesting in %s goes deeper than %d levels".formatted(method.getName(), LIMIT)));
        });
    }

    /** Carries the depth of the surroundings down; the argument of a visit is the number of levels around the node. */
    private static final class Depth extends TreeScanner<@Nullable Void, Integer> {
        private final List<Tree> tooDeep = new ArrayList<>();

        @Override
        public @Nullable Void scan(@Nullable Tree node, Integer around) {
            if (node == null || node instanceof ClassTree) {
                return null; // the methods of a class inside a method are measured on their own
            }
            if (!opensLevel(node)) {
                return super.scan(node, around);
            }
            if (around == LIMIT) {
                tooDeep.add(node);
                return null;
            }
            return super.scan(node, around + 1);
        }

        @Override
        public @Nullable Void visitIf(IfTree node, Integer inside) {
            scan(node.getCondition(), inside);
            scan(node.getThenStatement(), inside);
            StatementTree otherwise = node.getElseStatement();
            return scan(otherwise, otherwise instanceof IfTree ? inside - 1 : inside);
        }

        private static boolean opensLevel(Tree node) {
            return switch (node) {
                case IfTree _,
                        ForLoopTree _,
                        EnhancedForLoopTree _,
                        WhileLoopTree _,
                        DoWhileLoopTree _,
                        SwitchTree _,
                        SwitchExpressionTree _,
                        TryTree _,
                        SynchronizedTree _ -> true;
                case LambdaExpressionTree lambda -> lambda.getBodyKind() == LambdaExpressionTree.BodyKind.STATEMENT;
                default -> false;
            };
        }
    }
}
