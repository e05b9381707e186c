package io.viridian.tidy.rule;

import io.viridian.tidy.source.SourceFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Markdown doc comments ({@code ///}) and rulers made of slashes. */
final class NoTripleSlash implements FileRule {
    private static final Pattern TRIPLE_SLASH = Pattern.compile("^///");

    @Override
    public Reason reason() {
        return new Reason(
                "no-triple-slash",
                "the formatter mangles Markdown comments: a wrapped line loses its slashes and may become code",
                "write /** ... */, or // inside a method");
    }

    @Override
    public Stream<Finding> check(SourceFile file) {
        return file.comments()
                .flatMap(comment -> comment.linesWith(TRIPLE_SLASH))
                .map(line -> reason().at(file, line, "a /// comment"));
    }
}
