package io.viridian.tidy.rule;

import com.sun.source.tree.PackageTree;
import io.viridian.tidy.source.SourceFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every production package opens with a {@code package-info.java} that carries {@code @NullMarked}. */
final class PackageOpening implements Rule {
    @Override
    public Reason reason() {
        return new Reason(
                "package-opening",
                "without it nobody knows what the package promises, and the null checker skips it silently",
                "write package-info.java: purpose, invariants, which thread runs here; annotate it @NullMarked");
    }

    @Override
    public Stream<Finding> check(List<SourceFile> files) {
        Map<Path, List<SourceFile>> packages = files.stream()
                .filter(SourceFile::isProduction)
                .collect(Collectors.groupingBy(
                        file -> Objects.requireNonNull(file.path().getParent()), TreeMap::new, Collectors.toList()));
        return packages.entrySet().stream()
                .filter(entry -> entry.getValue().stream().noneMatch(PackageOpening::opensPackage))
                .map(entry -> new Finding(
                        entry.getKey().resolve("package-info.java"), 1, "missing, or without @NullMarked", reason()));
    }

    private static boolean opensPackage(SourceFile file) {
        PackageTree declaration = file.unit().getPackage();
        return file.isPackageInfo()
                && declaration != null
                && declaration.getAnnotations().stream()
                        .anyMatch(annotation ->
                                annotation.getAnnotationType().toString().endsWith("NullMarked"));
    }
}
