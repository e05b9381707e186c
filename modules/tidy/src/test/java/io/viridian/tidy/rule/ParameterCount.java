package io.viridian.tidy.rule;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import io.viridian.tidy.source.SourceFile;
import java.util.stream.Stream;

/** Parameters of methods and constructors. Records name their components at every use, so theirs are not counted. */
final class ParameterCount implements FileRule {
    /** The aim is five; eight is where callers begin to swap arguments without the compiler noticing. */
    static final int LIMIT = 8;

    @Override
    public Reason reason() {
        return new Reason(
                "parameter-count",
                "with this many arguments a call cannot be read, and two of the same type get swapped",
                "group what belongs together into a record; aim for 5");
    }

    @Override
    public Stream<Finding> check(SourceFile file) {
        return file.all(ClassTree.class)
                .flatMap(type -> type.getMembers().stream()
                        .filter(MethodTree.class::isInstance)
                        .map(MethodTree.class::cast)
                        .filter(method -> method.getParameters().size() > LIMIT)
                        .filter(method -> !isRecordConstructor(type, method))
                        .map(method -> reason().at(
                                        file,
                                        method,
                                        "%s has %d parameters, more than %d"
                                                .formatted(
                                                        nameOf(type, method),
                                                        method.getParameters().size(),
                                                        LIMIT))));
    }

    private static boolean isRecordConstructor(ClassTree type, MethodTree method) {
        return type.getKind() == Tree.Kind.RECORD && isConstructor(method);
    }

    private static CharSequence nameOf(ClassTree type, MethodTree method) {
        return isConstructor(method) ? "constructor of " + type.getSimpleName() : method.getName();
    }

    private static boolean isConstructor(MethodTree method) {
        return method.getName().contentEquals("<init>");
    }
}
