package io.viridian.tidy.rule;

import io.viridian.tidy.source.SourceFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Names in comments. */
final class NoAuthorTag implements FileRule {
    private static final Pattern AUTHOR = Pattern.compile("@author\\b");

    @Override
    public Reason reason() {
        return new Reason(
                "no-author-tag",
                "the history knows who wrote what, and stays right when others change it",
                "delete the tag");
    }

    @Override
    public Stream<Finding> check(SourceFile file) {
        return file.comments()
                .flatMap(comment -> comment.linesWith(AUTHOR))
                .map(line -> reason().at(file, line, "an @author tag"));
    }
}
