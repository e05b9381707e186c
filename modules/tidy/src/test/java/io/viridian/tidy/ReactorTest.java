package io.viridian.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.tidy.source.Checkout;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReactorTest {
    private static final Pattern MODULE = Pattern.compile("<module>(.+?)</module>");

    private final Checkout checkout = Checkout.here();
    private final List<String> reactor = MODULE.matcher(checkout.read("pom.xml"))
            .results()
            .map((MatchResult found) -> found.group(1))
            .toList();

    @Test
    void buildsTidyLastSoThatItFindsTheClassesOfTheOthers() {
        assertThat(reactor).last().isEqualTo("modules/tidy");
    }

    @Test
    void buildsEveryModuleThereIs() {
        assertThat(reactor)
                .containsExactlyInAnyOrderElementsOf(checkout.modules().stream()
                        .map(module -> "modules/" + module.getFileName())
                        .toList());
    }
}
