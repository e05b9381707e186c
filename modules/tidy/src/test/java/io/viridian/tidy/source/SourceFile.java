package io.viridian.tidy.source;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.SourcePositions;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One parsed Java file.
 *
 * @param path relative to the root of the checkout
 * @param nodes every node of the tree, parents before children
 * @param pieces its comments and strings
 */
public record SourceFile(
        Path path,
        String text,
        CompilationUnitTree unit,
        SourcePositions positions,
        List<Tree> nodes,
        List<Piece> pieces) {
    private static final Pattern PLACE = Pattern.compile("modules/([^/]+)/src/(main|test)/java/.*");

    public SourceFile {
        nodes = List.copyOf(nodes);
        pieces = List.copyOf(pieces);
    }

    public <T extends Tree> Stream<T> all(Class<T> kind) {
        return nodes.stream().filter(kind::isInstance).map(kind::cast);
    }

    public Stream<Piece> comments() {
        return pieces.stream().filter(Piece::isComment);
    }

    public List<String> lines() {
        return text.lines().toList();
    }

    public int firstLine(Tree node) {
        return lineAt(positions.getStartPosition(unit, node));
    }

    public int lastLine(Tree node) {
        return lineAt(positions.getEndPosition(unit, node));
    }

    /** The text from where a node begins, for the little the tree forgets; empty for nodes the parser made up. */
    public String textFrom(Tree node) {
        int start = (int) positions.getStartPosition(unit, node);
        return start < 0 ? "" : text.substring(start);
    }

    public String module() {
        return place().group(1);
    }

    public boolean isProduction() {
        return place().group(2).equals("main");
    }

    public boolean isPackageInfo() {
        return path.endsWith("package-info.java");
    }

    private int lineAt(long position) {
        return (int) unit.getLineMap().getLineNumber(position);
    }

    private Matcher place() {
        Matcher matcher = PLACE.matcher(path.toString().replace('\\', '/'));
        if (!matcher.matches()) {
            throw new IllegalStateException("not in a module's source folder: " + path);
        }
        return matcher;
    }
}
