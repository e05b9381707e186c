package io.viridian.tidy.rule;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.Tree;
import io.viridian.tidy.source.Checkout;
import io.viridian.tidy.source.SourceFile;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HouseRulesTest {
    private static final Set<String> RULE_INTERFACES = Set.of("Rule", "FileRule");

    private final List<SourceFile> rulePackage = Checkout.here().sources().stream()
            .filter(file -> file.path().startsWith("modules/tidy/src/test/java/io/viridian/tidy/rule"))
            .toList();
    private final List<String> listed =
            HouseRules.ALL.stream().map(rule -> rule.getClass().getSimpleName()).toList();

    @Test
    void listEveryRuleThereIs() {
        List<String> written = rulePackage.stream()
                .flatMap(file -> file.all(ClassTree.class))
                .filter(type -> type.getKind() == Tree.Kind.CLASS)
                .filter(type -> type.getImplementsClause().stream()
                        .anyMatch(parent -> RULE_INTERFACES.contains(parent.toString())))
                .map(type -> type.getSimpleName().toString())
                .toList();
        assertThat(listed).containsExactlyInAnyOrderElementsOf(written);
    }

    @Test
    void haveATestEach() {
        Set<String> files = rulePackage.stream()
                .map(file -> file.path().getFileName().toString())
                .collect(Collectors.toSet());
        assertThat(listed).allSatisfy(rule -> assertThat(files).contains(rule + "Test.java"));
    }

    @Test
    void goByDifferentNames() {
        assertThat(HouseRules.ALL.stream().map(rule -> rule.reason().rule())).doesNotHaveDuplicates();
    }
}
