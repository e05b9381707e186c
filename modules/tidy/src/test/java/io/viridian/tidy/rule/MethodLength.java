package io.viridian.tidy.rule;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import io.viridian.tidy.source.SourceFile;
import java.util.stream.Stream;

/** Methods, constructors and initializers, from the first annotation to the closing brace. */
final class MethodLength implements FileRule {
    /** Twice the aim of 40: the limit stops the tail, it does not chop a clear method in two. */
    static final int LIMIT = 80;

    @Override
    public Reason reason() {
        return new Reason(
                "method-length",
                "nobody can check the cases of a method that does not fit on a screen",
                "give each step a method named after what it achieves; aim for 40 lines");
    }

    @Override
    public Stream<Finding> check(SourceFile file) {
        return file.all(ClassTree.class)
                .flatMap(type -> type.getMembers().stream())
                .filter(member -> member instanceof MethodTree || member instanceof BlockTree)
                .filter(member -> length(file, member) > LIMIT)
                .map(member -> reason().at(
                                file,
                                member,
                                "%s has %d lines, more than %d".formatted(name(member), length(file, member), LIMIT)));
    }

    private static int length(SourceFile file, Tree member) {
        return file.lastLine(member) - file.firstLine(member) + 1;
    }

    private static String name(Tree member) {
        return member instanceof MethodTree method ? "method " + method.getName() : "initializer";
    }
}
