package io.viridian.tidy.rule;

import io.viridian.tidy.source.SourceFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Marks of unfinished work. Only comments are searched: a string may have to name them. */
final class NoUnfinishedMark implements FileRule {
    private static final Pattern MARK = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");

    @Override
    public Reason reason() {
        return new Reason(
                "no-unfinished-mark",
                "a mark in a comment is a promise nobody made a date for",
                "finish it now, or file an issue and say here what holds today");
    }

    @Override
    public Stream<Finding> check(SourceFile file) {
        return file.comments()
                .flatMap(comment -> comment.linesWith(MARK))
                .map(line -> reason().at(file, line, "a mark of unfinished work"));
    }
}
