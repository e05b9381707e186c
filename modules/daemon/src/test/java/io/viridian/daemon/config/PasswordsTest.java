package io.viridian.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasswordsTest {
    @TempDir
    Path directory;

    private Configured blue(String lines) {
        return Configured.by(directory, """
                migration: shop-v2
                green: { url: "postgresql://ann:known@green-db/shop" }
                blue:
                """ + lines.indent(2));
    }

    private static Optional<String> password(Configured configured) {
        return configured.settings().blue().password().map(Secret::reveal);
    }

    private Path passwordFile(String name, String text) throws Exception {
        Path file = Configured.write(directory, name, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    @Nested
    class Sources {
        @Test
        void theUrl() {
            assertThat(password(blue("url: postgresql://ann:secret@blue-db/shop")))
                    .contains("secret");
        }

        @Test
        void aFileWithoutTheLineBreakAtItsEnd() {
            Configured.write(directory, "blue.pw", "sec ret\r\n");

            assertThat(password(blue("url: postgresql://ann@blue-db/shop\npassword-file: blue.pw")))
                    .contains("sec ret");
        }

        @Test
        void aReferenceToTheEnvironment() {
            assertThat(password(blue("url: postgresql://ann@blue-db/shop\npassword: ${env:PW}")
                            .environment("PW", "s@cr:t")))
                    .contains("s@cr:t");
        }

        @Test
        void aReferenceToAFile() {
            Configured.write(directory, "secrets/blue", "secret\n");

            assertThat(password(blue("url: postgresql://ann@blue-db/shop\npassword: ${file:secrets/blue}")))
                    .contains("secret");
        }

        @Test
        void aReferenceInsideTheUrlNeedsNoEncoding() {
            assertThat(password(blue("url: postgresql://ann:${env:PW}@blue-db/shop")
                            .environment("PW", "p@ss/w?rd%&+ \u00e9")))
                    .contains("p@ss/w?rd%&+ \u00e9");
        }

        @Test
        void aUrlThatIsAReferenceAltogether() {
            assertThat(password(blue("url: ${env:DATABASE}")
                            .environment("DATABASE", "postgresql://ann:secret@blue-db/shop")))
                    .contains("secret");
        }

        @Test
        void theVariableOfTheKeyMayHoldItDirectly() {
            assertThat(password(
                            blue("url: postgresql://ann@blue-db/shop").environment("VIRIDIAN_BLUE_PASSWORD", "secret")))
                    .contains("secret");
        }

        @Test
        void theEnvironmentAsWithLibpqUnlessTheUrlHasOne() {
            assertThat(password(blue("url: postgresql://ann@blue-db/shop").environment("PGPASSWORD", "secret")))
                    .contains("secret");
            assertThat(password(blue("url: postgresql://ann:own@blue-db/shop").environment("PGPASSWORD", "secret")))
                    .contains("own");
        }

        @Test
        void noneAtAll() {
            assertThat(password(blue("url: postgresql://ann@blue-db/shop"))).isEmpty();
        }
    }

    @Nested
    class PasswordFiles {
        private Optional<String> found(String lines) throws Exception {
            passwordFile("home/.pgpass", lines);
            return password(blue("url: postgresql://ann@blue-db:5433/shop"));
        }

        @Test
        void theFirstMatchingLineCounts() throws Exception {
            assertThat(found("""
                            # blue-db:5433:shop:ann:comment
                            other:5433:shop:ann:wrong-host
                            blue-db:5432:shop:ann:wrong-port
                            blue-db:5433:other:ann:wrong-database
                            blue-db:5433:shop:bob:wrong-user
                            blue-db:5433:shop
                            *:*:shop:ann:right
                            blue-db:5433:shop:ann:too-late
                            """)).contains("right");
        }

        @Test
        void backslashesTakeColonsLiterally() throws Exception {
            assertThat(found("blue-db:5433:shop:ann:a\\:b\\\\c")).contains("a:b\\c");
        }

        @Test
        void noLineMatches() throws Exception {
            assertThat(found("other:*:*:*:secret\n")).isEmpty();
        }

        @Test
        void anotherFileByName() throws Exception {
            passwordFile("work/my.pgpass", "*:*:*:*:secret\n");

            assertThat(password(blue("url: postgresql://ann@blue-db/shop").environment("PGPASSFILE", "my.pgpass")))
                    .contains("secret");
        }

        @Test
        void oneThatOthersCanReadIsRefused() throws Exception {
            Path file = passwordFile("home/.pgpass", "*:*:*:*:secret\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

            assertThat(blue("url: postgresql://ann@blue-db/shop").refusals())
                    .singleElement()
                    .asString()
                    .contains("has no password of its own, and the password file", "chmod 600")
                    .doesNotContain("secret");
        }

        @Test
        void severalHostsNeedOnePassword() throws Exception {
            passwordFile("home/.pgpass", "one:*:*:*:first\ntwo:*:*:*:second\n");

            assertThat(blue("url: postgresql://ann@one,two/shop").refusals())
                    .singleElement()
                    .asString()
                    .contains("has different passwords for the hosts of one URL");
        }

        @Test
        void commandsThatNeedNoDatabaseOpenNone() throws Exception {
            passwordFile("home/.pgpass", "*:*:*:*:secret\n");
            Configured configured = blue("url: postgresql://ann@blue-db/shop\npassword-file: absent");

            assertThat(ConfigurationLoader.load(configured.sources().withoutPasswords())
                            .settings()
                            .blue()
                            .password())
                    .isEmpty();
        }
    }

    @Nested
    class Refusals {
        @Test
        void twoAtOnce() {
            Configured.write(directory, "pw", "secret");

            assertThat(blue("url: postgresql://ann@blue-db/shop\npassword: ${file:pw}\npassword-file: pw")
                            .refusals())
                    .containsExactly(
                            "viridian.yaml:6: blue.password-file 'pw' is given beside blue.password; keep one, for example /run/secrets/blue");
            assertThat(blue("url: postgresql://ann:other@blue-db/shop\npassword-file: pw")
                            .refusals())
                    .containsExactly(
                            "viridian.yaml:4: blue.url 'postgresql://ann:****@blue-db/shop' holds a password beside the one of its own key; keep one, for example postgresql://viridian@blue-db:5432/shop?sslmode=verify-full");
        }

        @Test
        void thePasswordItselfInTheFile() {
            assertThat(blue("url: postgresql://ann@blue-db/shop\npassword: hunter2")
                            .refusals())
                    .containsExactly(
                            "viridian.yaml:5: blue.password '****' must be a reference; the password itself has no place here, for example ${env:BLUE_PASSWORD}");
        }

        @Test
        void filesThatAreNotThereOrEmpty() {
            Configured.write(directory, "empty", "\n");

            assertThat(blue("url: postgresql://ann@blue-db/shop\npassword-file: absent")
                            .refusals())
                    .containsExactly(
                            "viridian.yaml:5: blue.password-file 'absent' names a file that cannot be read, for example /run/secrets/blue");
            assertThat(blue("url: postgresql://ann@blue-db/shop\npassword-file: empty")
                            .refusals())
                    .containsExactly(
                            "viridian.yaml:5: blue.password-file 'empty' is an empty file; it must hold the password, for example /run/secrets/blue");
        }

        @Test
        void variablesThatAreNotSet() {
            assertThat(blue("url: postgresql://ann:${env:NOWHERE}@blue-db/shop").refusals())
                    .singleElement()
                    .asString()
                    .startsWith(
                            "viridian.yaml:4: blue.url 'postgresql://ann:****@blue-db/shop' is refused (the variable"
                                    + " NOWHERE is not set)");
        }
    }
}
