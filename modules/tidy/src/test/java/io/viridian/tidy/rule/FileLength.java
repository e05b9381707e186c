package io.viridian.tidy.rule;

import io.viridian.tidy.source.SourceFile;
import java.util.stream.Stream;

/** Whole files, comments and imports included: a reader scrolls through those too. */
final class FileLength implements FileRule {
    /** Twice the aim of 400. */
    static final int LIMIT = 800;

    @Override
    public Reason reason() {
        return new Reason(
                "file-length",
                "a file this long holds more than one idea, and its parts start to share state",
                "find the second noun in it and give it a file of its own; aim for 400 lines");
    }

    @Override
    public Stream<Finding> check(SourceFile file) {
        int length = file.lines().size();
        return length > LIMIT
                ? Stream.of(
                        reason().at(file, LIMIT + 1, "the file has %d lines, more than %d".formatted(length, LIMIT)))
                : Stream.empty();
    }
}
