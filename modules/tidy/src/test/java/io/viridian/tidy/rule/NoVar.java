package io.viridian.tidy.rule;

import com.sun.source.tree.VariableTree;
import io.viridian.tidy.source.SourceFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code var} for locals, loop variables, resources, lambda parameters and record patterns. */
final class NoVar implements FileRule {
    /** The tree forgets the word, so it is looked for in front of the variable's name. */
    private static final Pattern VAR = Pattern.compile("(final\\s+|@\\S+\\s+)*var\\s");

    @Override
    public Reason reason() {
        return new Reason(
                "no-var",
                "the type is information the reader of a diff has no other way to get",
                "write the type; when it is too long to write, it wants to be a record");
    }

    @Override
    public Stream<Finding> check(SourceFile file) {
        return file.all(VariableTree.class)
                .filter(variable -> VAR.matcher(file.textFrom(variable)).lookingAt())
                .map(variable -> reason().at(file, variable, "var " + variable.getName()));
    }
}
