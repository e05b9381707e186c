package io.viridian.tidy.rule;

import io.viridian.tidy.source.SourceFile;
import java.util.List;
import java.util.stream.Stream;

/** One rule of the house. Without state; it may be asked about any files, in any order. */
public interface Rule {
    Reason reason();

    Stream<Finding> check(List<SourceFile> files);
}
