package io.viridian.tidy.page;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import io.viridian.tidy.source.SourceFile;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tests of all modules, each as {@code ItsClass.itsMethod}, or {@code ItsClass.AGroup.itsMethod}. */
public final class TestNames {
    private static final Set<String> MARKS =
            Set.of("Test", "ParameterizedTest", "TestFactory", "RepeatedTest", "Property");

    private TestNames() {}

    public static Set<String> in(Collection<SourceFile> sources) {
        return sources.stream()
                .filter(file -> !file.isProduction())
                .flatMap(file -> file.unit().getTypeDecls().stream())
                .flatMap(type -> tests("", type))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<String> tests(String around, Tree tree) {
        return switch (tree) {
            case ClassTree type ->
                type.getMembers().stream().flatMap(member -> tests(around + type.getSimpleName() + '.', member));
            case MethodTree method when isTest(method) -> Stream.of(around + method.getName());
            default -> Stream.empty();
        };
    }

    private static boolean isTest(MethodTree method) {
        return method.getModifiers().getAnnotations().stream()
                .anyMatch(mark -> MARKS.contains(mark.getAnnotationType().toString()));
    }
}
