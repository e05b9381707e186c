package io.viridian.cutover.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DnsKeyTest {
    private static final String SECRET = "dmlyaWRpYW4tdmlyaWRpYW4tdmlyaWRpYW4tdmlyaQ==";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "key \"shop.key\" { algorithm hmac-sha256; secret \"" + SECRET + "\"; };",
                "# of the shop\nkey shop.key {\n  algorithm HMAC-SHA512; // long\n  secret \"" + SECRET + "\";\n};\n",
                "/* key \"old\" { } */ key \"shop.key\" { secret \"" + SECRET + "\"; algorithm \"hmac-sha384\"; }",
                "key \"shop.key\" { algorithm hmac-sha256; secret \"ab//cd//\"; };",
                "shop.key:" + SECRET + "\n",
                "hmac-sha256:shop.key:" + SECRET
            })
    void isReadAsServersAndTheirToolsWriteIt(String text) {
        DnsKey key = DnsKey.parse(text);
        assertThat(key.name()).isEqualTo("shop.key");
        assertThat(key.toString()).isEqualTo("shop.key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "shop.key",
                "hmac-md5:shop.key:" + SECRET,
                "key \"a\" { algorithm hmac-sha1; secret \"" + SECRET + "\"; };",
                "key \"a\" { algorithm hmac-sha256; };",
                "key \"a..b\" { algorithm hmac-sha256; secret \"" + SECRET + "\"; };",
                "shop.key:" + SECRET + "A"
            })
    void isRefusedWithoutItsSecretWhenItCannotBeUsed(String text) {
        assertThatThrownBy(() -> DnsKey.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining(SECRET);
    }

    @Test
    void isOneOfSeveralThatNobodyCanChooseFrom() {
        String clause = "key \"a\" { algorithm hmac-sha256; secret \"" + SECRET + "\"; };\n";
        assertThatThrownBy(() -> DnsKey.parse(clause + clause)).hasMessageContaining("must hold one key");
    }
}
