package io.viridian.tidy.layer;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.viridian.tidy.source.RawSource;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Small made-up worlds for the layer rules: Java text, compiled on the spot and read back as ArchUnit sees it. */
final class CompiledSnippets {
    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

    /** Shared, because opening the JDK's own classes anew is most of the time a small compilation takes. */
    private static final StandardJavaFileManager FILES = COMPILER.getStandardFileManager(null, null, null);

    private CompiledSnippets() {}

    /** Compiles one class per text; each says its package in its first line and its type name right after. */
    static JavaClasses compile(Path folder, String... texts) {
        List<RawSource> sources =
                Stream.of(texts).map(text -> new RawSource(pathOf(text), text)).toList();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        List<String> options = List.of("-proc:none", "-d", folder.toString());
        if (!COMPILER.getTask(null, FILES, problems, options, null, sources).call()) {
            throw new IllegalStateException("the snippet does not compile: " + problems.getDiagnostics());
        }
        return new ClassFileImporter().importPath(folder);
    }

    private static Path pathOf(String text) {
        String packageName = text.replaceAll("(?s)package ([\\w.]+);.*", "$1");
        String typeName = text.replaceAll("(?s).*?\\b(?:class|interface|record) (\\w+).*", "$1");
        return Path.of(packageName.replace('.', '/'), typeName + ".java");
    }
}
