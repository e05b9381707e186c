package io.viridian.tidy.rule;

import com.sun.source.tree.ImportTree;
import io.viridian.tidy.source.SourceFile;
import java.util.stream.Stream;

/** Star imports, static ones too, and module imports, which are stars over whole modules. */
final class NoWildcardImport implements FileRule {
    @Override
    public Reason reason() {
        return new Reason(
                "no-wildcard-import",
                "the imports are the list of what a file depends on; a star hides it and lets a new release change it",
                "import each name");
    }

    @Override
    public Stream<Finding> check(SourceFile file) {
        return file.all(ImportTree.class)
                .filter(line -> line.isModule()
                        || line.getQualifiedIdentifier().toString().endsWith(".*"))
                .map(line -> reason().at(file, line, "import of " + line.getQualifiedIdentifier()));
    }
}
