package io.viridian.tidy.source;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Parses Java with the JDK's own parser. Parsing only: nothing is resolved, so no class path is needed. */
public final class SourceReader {
    private SourceReader() {}

    public static List<SourceFile> parse(List<RawSource> sources) {
        if (sources.isEmpty()) {
            return List.of();
        }
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        JavacTask task = (JavacTask) ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, problems, List.of("-proc:none"), null, sources);
        SourcePositions positions = Trees.instance(task).getSourcePositions();
        // By address, since the parser hands back the files wrapped.
        Map<URI, RawSource> byAddress =
                sources.stream().collect(Collectors.toMap(RawSource::toUri, Function.identity()));
        List<SourceFile> parsed = new ArrayList<>();
        for (CompilationUnitTree unit : unitsOf(task)) {
            RawSource source =
                    Objects.requireNonNull(byAddress.get(unit.getSourceFile().toUri()));
            parsed.add(sourceFile(source, unit, positions));
        }
        if (!problems.getDiagnostics().isEmpty()) {
            throw new IllegalStateException("the parser complains: " + problems.getDiagnostics());
        }
        return List.copyOf(parsed);
    }

    private static Iterable<? extends CompilationUnitTree> unitsOf(JavacTask task) {
        try {
            return task.parse();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SourceFile sourceFile(RawSource source, CompilationUnitTree unit, SourcePositions positions) {
        String text = source.getCharContent(true);
        return new SourceFile(source.path(), text, unit, positions, nodesOf(unit), Piece.of(text));
    }

    private static List<Tree> nodesOf(CompilationUnitTree unit) {
        List<Tree> nodes = new ArrayList<>();
        new TreeScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void scan(@Nullable Tree node, @Nullable Void unused) {
                if (node != null) {
                    nodes.add(node);
                }
                return super.scan(node, null);
            }
        }.scan(unit, null);
        return nodes;
    }
}
