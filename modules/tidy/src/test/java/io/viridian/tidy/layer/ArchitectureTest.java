package io.viridian.tidy.layer;

import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.viridian.tidy.source.Checkout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
    private static final Checkout CHECKOUT = Checkout.here();
    private static final List<Path> PRODUCTION_MODULES =
            CHECKOUT.modules().stream().filter(Checkout::hasProductionCode).toList();
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importPaths(PRODUCTION_MODULES.stream()
                    .map(Checkout::classesOf)
                    .filter(Files::isDirectory)
                    .toList());

    @Test
    void isReadFromTheCompiledClassesOfEveryModule() {
        System.out.println("Layers seen: " + layers(true) + "; not there yet: " + layers(false));
        assertThat(CLASSES.contain("io.viridian.position.Lsn"))
                .as("the classes of core are on disk; run the whole reactor, or make gates")
                .isTrue();
        assertThat(PRODUCTION_MODULES)
                .as("every module with production code has been compiled before this one")
                .allSatisfy(module -> assertThat(Checkout.classesOf(module)).isNotEmptyDirectory());
    }

    @TestFactory
    Stream<DynamicTest> holdsEveryLayerRule() {
        return LayerRules.ALL.stream().map(ArchitectureTest::demand);
    }

    @Test
    void givesEveryLibraryAHomeThatExists() {
        List<String> layers = Architecture.LAYERS.stream().map(Layer::name).toList();
        assertThat(layers)
                .containsAll(Architecture.LIBRARIES.stream()
                        .flatMap(library -> library.homes().stream())
                        .toList())
                .containsAll(Architecture.LAYERS.stream()
                        .flatMap(layer -> layer.sees().stream())
                        .toList());
    }

    private static DynamicTest demand(ArchRule rule) {
        return DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(CLASSES));
    }

    private static String layers(boolean there) {
        return Architecture.LAYERS.stream()
                .filter(layer -> CLASSES.stream().anyMatch(type -> layer.claims(type.getPackageName())) == there)
                .map(Layer::name)
                .collect(collectingAndThen(joining(", "), names -> names.isEmpty() ? "none" : names));
    }
}
