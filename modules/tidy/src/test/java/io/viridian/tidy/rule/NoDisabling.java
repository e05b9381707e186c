package io.viridian.tidy.rule;

import com.sun.source.tree.AnnotationTree;
import io.viridian.tidy.source.SourceFile;
import java.util.stream.Stream;

/** {@code @Disabled}. Conditions a machine may or may not meet ({@code @EnabledIf}) are counted skips, and fine. */
final class NoDisabling implements FileRule {
    @Override
    public Reason reason() {
        return new Reason(
                "no-disabling",
                "a test that is switched off still counts as cover in everybody's head",
                "mend the test, or delete it and file an issue");
    }

    @Override
    public Stream<Finding> check(SourceFile file) {
        return file.all(AnnotationTree.class)
                .filter(annotation -> annotation.getAnnotationType().toString().matches("(.*\\.)?Disabled"))
                .map(annotation -> reason().at(file, annotation, annotation.toString()));
    }
}
