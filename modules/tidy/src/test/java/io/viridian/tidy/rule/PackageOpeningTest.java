package io.viridian.tidy.rule;

import static io.viridian.tidy.rule.Snippet.refusedLines;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PackageOpeningTest {
    private static final String PLACE = "modules/core/src/main/java/io/viridian/plan/";

    private final Rule rule = new PackageOpening();

    @Test
    void refusesAPackageWithoutPackageInfo() {
        assertThat(rule.check(List.of(Snippet.production("class S {}"))))
                .singleElement()
                .asString()
                .startsWith(PLACE + "package-info.java:1");
    }

    @Test
    void refusesAPackageInfoWithoutNullMarked() {
        assertThat(refusedLines(
                        rule,
                        Snippet.production("class S {}"),
                        Snippet.at(PLACE + "package-info.java", "/** Plans. */ package io.viridian.plan;")))
                .hasSize(1);
    }

    @Test
    void acceptsAPackageThatOpensNullMarked() {
        assertThat(refusedLines(
                        rule,
                        Snippet.production("class S {}"),
                        Snippet.at(PLACE + "package-info.java", "@NullMarked package io.viridian.plan;")))
                .isEmpty();
    }

    @Test
    void leavesTestsAlone() {
        assertThat(refusedLines(rule, Snippet.test("class S {}"))).isEmpty();
    }
}
