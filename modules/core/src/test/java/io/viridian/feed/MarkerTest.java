package io.viridian.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MarkerTest {
    private static final Instant EMITTED = Instant.parse("2026-12-01T02:00:00.123Z");

    @ParameterizedTest
    @EnumSource
    void everyKindIsReadAsItWasWritten(Marker.Kind kind) {
        Marker marker = new Marker("shop-v2", kind, "5f2b6f0c", EMITTED);
        assertThat(Marker.parse(marker.content())).contains(marker);
    }

    @Test
    void isWrittenAsThePagesSay() {
        assertThat(new Marker("shop", Marker.Kind.FENCE, "n", EMITTED).content())
                .isEqualTo("shop|FENCE|n|1796090400123");
    }

    @Test
    void theNonceOfADdlMarkerIsASentence() {
        assertThat(Marker.parse("shop|DDL|ALTER TABLE public.items|1796090400123"))
                .map(Marker::nonce)
                .contains("ALTER TABLE public.items");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "shop",
                "shop|FENCE|n",
                "shop|fence|n|1",
                "shop|SOMETHING|n|1",
                "shop|FENCE|n|",
                "shop|FENCE|n|now",
                "shop|FENCE|n|1|2",
                "shop|FENCE|n|99999999999999999999999999"
            })
    void whatOthersEmitUnderOurPrefixIsIgnored(String content) {
        assertThat(Marker.parse(content)).isEqualTo(Optional.empty());
    }
}
