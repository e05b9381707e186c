package io.viridian.tidy.rule;

import io.viridian.tidy.source.SourceFile;
import java.util.List;
import java.util.stream.Stream;

/** A rule that needs to see one file only, as nearly all do. */
interface FileRule extends Rule {
    Stream<Finding> check(SourceFile file);

    @Override
    default Stream<Finding> check(List<SourceFile> files) {
        return files.stream().flatMap(this::check);
    }
}
