package io.viridian.tidy.rule;

import io.viridian.tidy.source.Piece;
import io.viridian.tidy.source.SourceFile;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Width of lines. The formatter wraps code, but neither comments nor strings; lines that cannot be wrapped (imports,
 * strings, links in comments) may be longer, up to twice the aim.
 */
final class LineLength implements FileRule {
    static final int LIMIT = 120;
    static final int LIMIT_WHERE_WRAPPING_IS_IMPOSSIBLE = 240;

    @Override
    public Reason reason() {
        return new Reason(
                "line-length",
                "long lines hide their ends in side-by-side diffs",
                "run make format, which wraps comments too; split strings and move code out of long lines");
    }

    @Override
    public Stream<Finding> check(SourceFile file) {
        List<String> lines = file.lines();
        return IntStream.rangeClosed(1, lines.size()).boxed().flatMap(number -> {
            String line = lines.get(number - 1);
            int limit = limit(file, number, line);
            return line.length() > limit
                    ? Stream.of(reason().at(
                                    file,
                                    number,
                                    "the line has %d characters, more than %d".formatted(line.length(), limit)))
                    : Stream.empty();
        });
    }

    private static int limit(SourceFile file, int number, String line) {
        boolean canBeWrapped = line.length() > LIMIT
                && !line.startsWith("import ")
                && file.pieces().stream().noneMatch(piece -> piece.covers(number) && isUnbreakable(piece, line));
        return canBeWrapped ? LIMIT : LIMIT_WHERE_WRAPPING_IS_IMPOSSIBLE;
    }

    private static boolean isUnbreakable(Piece piece, String line) {
        return !piece.isComment() || line.contains("://");
    }
}
