package io.viridian.tidy.rule;

import io.viridian.tidy.source.RawSource;
import io.viridian.tidy.source.SourceFile;
import io.viridian.tidy.source.SourceReader;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Java text made up by a test, parsed as if it stood in a module. */
final class Snippet {
    private Snippet() {}

    static SourceFile production(String text) {
        return at("modules/core/src/main/java/io/viridian/plan/Snippet.java", text);
    }

    static SourceFile test(String text) {
        return at("modules/core/src/test/java/io/viridian/plan/SnippetTest.java", text);
    }

    static SourceFile at(String path, String text) {
        return SourceReader.parse(List.of(new RawSource(Path.of(path), text))).getFirst();
    }

    /** The lines a rule complains about. */
    static Stream<Integer> refusedLines(Rule rule, SourceFile... files) {
        return rule.check(List.of(files)).map(Finding::line);
    }
}
