package io.viridian.tidy.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.tidy.source.Checkout;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatesFireTest {
    private MavenLog log = new MavenLog(Path.of("maven.log"), "");

    @BeforeAll
    void buildEverythingOnce(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws Exception {
        log = new ThrowAwayBuild(Checkout.here(), folder).run();
    }

    @TestFactory
    Stream<DynamicTest> refuseEachViolationForItsOwnReason() {
        return Violation.ALL.stream()
                .map(violation -> DynamicTest.dynamicTest(
                        violation.gate(),
                        () -> assertThat(log.refusalOf("gate-" + violation.gate()))
                                .as("what Maven says about %s; all of it in %s", violation.gate(), log.file())
                                .contains(violation.complaint())));
    }

    @Test
    void acceptTheModuleWithoutAViolation() {
        assertThat(log.reportsSuccessOf("gate-" + Violation.CONTROL))
                .as("the module without a violation is built; see %s", log.file())
                .isTrue();
    }
}
