package io.viridian.tidy.layer;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The rules on compiled classes. All of them accept an empty world: modules come one after the other. */
final class LayerRules {
    private static final String STATE = "io.viridian.migration.MigrationState";
    private static final String STATE_CODEC = "io.viridian.journal.StateCodec";

    private static final Set<String> CLOCK_READINGS = Set.of(
            "java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis",
            "java.lang.Thread.sleep",
            "java.util.concurrent.TimeUnit.sleep",
            "java.util.concurrent.locks.LockSupport.parkNanos",
            "java.util.concurrent.locks.LockSupport.parkUntil",
            "java.util.Date.<init>");

    /** Every rule, in the order of the layers. */
    static final List<ArchRule> ALL = Stream.concat(
                    Stream.of(everyClassIsInALayer(), onlyTimeReadsTheClock(), onlyTransitionsMakeStates()),
                    Architecture.LAYERS.stream().map(LayerRules::seesOnlyWhatItMay))
            .toList();

    private LayerRules() {}

    static ArchRule everyClassIsInALayer() {
        return classes()
                .should(complain(
                        "be in a layer",
                        type -> Architecture.layerOf(type.getPackageName()).isPresent()
                                ? Stream.empty()
                                : Stream.of("%s is in no layer: %s".formatted(type.getName(), place(type)))))
                .because("a package that no layer claims escapes every other rule; add it to Architecture.LAYERS")
                .allowEmptyShould(true);
    }

    static ArchRule seesOnlyWhatItMay(Layer layer) {
        return classes()
                .that(belongTo(layer))
                .should(complain(
                        "see only what it may",
                        type -> type.getDirectDependenciesFromSelf().stream()
                                .filter(dependency -> !allowed(layer, dependency))
                                .map(Dependency::getDescription)))
                .because("%s may see %s, and only libraries at home there; move the code, or put a port into core"
                        .formatted(layer.name(), layer.sees().isEmpty() ? "no other layer" : layer.sees()))
                .allowEmptyShould(true);
    }

    /** The testkit stands below all of ours and waits for real servers, so it has no clock but the machine's. */
    static ArchRule onlyTimeReadsTheClock() {
        return classes()
                .that(resideOutsideOfPackages("io.viridian.time..", "io.viridian.testkit.."))
                .should(complain("leave the clock and sleeping to io.viridian.time", accesses(LayerRules::readsClock)))
                .because(
                        "what reads the clock itself cannot be tested without waiting; take a Clock, Waiter or Deadline")
                .allowEmptyShould(true);
    }

    static ArchRule onlyTransitionsMakeStates() {
        return classes()
                .that(DescribedPredicate.not(resideInAPackage("io.viridian.migration.."))
                        .and(DescribedPredicate.describe("not the codec", type -> !isCodec(type))))
                .should(complain("reach states by transitions", accesses(LayerRules::makesState)))
                .because("only the state before knows which transitions are legal; call its method")
                .allowEmptyShould(true);
    }

    private static boolean allowed(Layer layer, Dependency dependency) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        return target.isPrimitive() || Architecture.allows(layer, target.getName(), target.getPackageName());
    }

    private static boolean readsClock(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getName();
        boolean now = owner.startsWith("java.time.") && name.equals("now");
        boolean systemClock = owner.equals("java.time.Clock") && (name.startsWith("system") || name.startsWith("tick"));
        return now || systemClock || CLOCK_READINGS.contains(owner + "." + name);
    }

    private static boolean makesState(JavaAccess<?> access) {
        return access.getName().equals(JavaConstructor.CONSTRUCTOR_NAME)
                && access.getTargetOwner().isAssignableTo(STATE);
    }

    private static boolean isCodec(JavaClass type) {
        return type.getName().equals(STATE_CODEC) || type.getName().startsWith(STATE_CODEC + "$");
    }

    private static DescribedPredicate<JavaClass> belongTo(Layer layer) {
        return DescribedPredicate.describe("belong to " + layer.name(), type -> layer.claims(type.getPackageName()));
    }

    /** Calls as well as method references. */
    private static Function<JavaClass, Stream<String>> accesses(Predicate<JavaAccess<?>> refused) {
        return type -> type.getAccessesFromSelf().stream().filter(refused).map(JavaAccess::getDescription);
    }

    private static String place(JavaClass type) {
        return type.getSourceCodeLocation().toString();
    }

    private static ArchCondition<JavaClass> complain(String duty, Function<JavaClass, Stream<String>> complaints) {
        return new ArchCondition<>(duty) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                complaints.apply(type).forEach(what -> events.add(SimpleConditionEvent.violated(type, what)));
            }
        };
    }
}
