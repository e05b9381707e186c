package io.viridian.tidy.source;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A comment or a string, with the lines it covers: what the parser drops or flattens, and some rules need.
 *
 * @param line the first line, from 1
 * @param text as written, with its delimiters
 */
public record Piece(Kind kind, int line, String text) {
    /** What kind of piece; characters count as strings, since both may hide a comment's opening. */
    public enum Kind {
        COMMENT,
        STRING
    }

    /** The order matters: a text block before a string, and whichever opens first swallows the others inside it. */
    private static final Pattern PIECES = Pattern.compile(Stream.of(
                    "(?<comment>//[^\\n]*|/\\*[\\s\\S]*?\\*/)",
                    "\"\"\"(?:[^\"\\\\]++|\\\\[\\s\\S]|\"(?!\"\"))*+\"\"\"",
                    "\"(?:[^\"\\\\\\n]++|\\\\.)*+\"",
                    "'(?:[^'\\\\\\n]++|\\\\.)*+'")
            .reduce((one, other) -> one + "|" + other)
            .orElseThrow());

    /** All pieces of a text, in order. */
    public static List<Piece> of(String text) {
        Matcher matcher = PIECES.matcher(text);
        return matcher.results()
                .map(found -> new Piece(
                        found.start("comment") >= 0 ? Kind.COMMENT : Kind.STRING,
                        1 + (int) newLines(text.substring(0, found.start())),
                        found.group()))
                .toList();
    }

    public boolean isComment() {
        return kind == Kind.COMMENT;
    }

    public int lastLine() {
        return line + (int) newLines(text);
    }

    public boolean covers(int someLine) {
        return line <= someLine && someLine <= lastLine();
    }

    /** The lines of this piece that match, by their number in the file. */
    public Stream<Integer> linesWith(Pattern pattern) {
        List<String> lines = text.lines().toList();
        return Stream.iterate(0, index -> index < lines.size(), index -> index + 1)
                .filter(index -> pattern.matcher(lines.get(index)).find())
                .map(index -> line + index);
    }

    private static long newLines(String text) {
        return text.chars().filter(character -> character == '\n').count();
    }
}
