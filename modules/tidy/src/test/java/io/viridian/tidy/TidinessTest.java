package io.viridian.tidy;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.viridian.tidy.rule.Finding;
import io.viridian.tidy.rule.HouseRules;
import io.viridian.tidy.rule.Rule;
import io.viridian.tidy.source.Checkout;
import io.viridian.tidy.source.SourceFile;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class TidinessTest {
    private static final List<SourceFile> SOURCES = Checkout.here().sources();

    @Test
    void readsTheSourcesOfTheCheckout() {
        assertThat(SOURCES)
                .extracting(file -> file.path().toString())
                .contains("modules/core/src/main/java/io/viridian/position/Lsn.java");
    }

    @TestFactory
    Stream<DynamicTest> holdsEveryRuleOfTheHouse() {
        return HouseRules.ALL.stream()
                .map(rule -> DynamicTest.dynamicTest(rule.reason().rule(), () -> demand(rule)));
    }

    private static void demand(Rule rule) {
        List<Finding> findings = rule.check(SOURCES).toList();
        if (!findings.isEmpty()) {
            fail("%d to mend:%n%s"
                    .formatted(
                            findings.size(),
                            findings.stream().map(Finding::toString).collect(joining("\n"))));
        }
    }
}
