package io.viridian.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionUrlTest {
    private static final Place PLACE = new Place(Path.of("/etc/viridian"), Path.of("/home/ann"));

    private static ConnectionSettings settings(String url) {
        ConnectionUrl parsed = ConnectionUrl.parse(url);
        return ConnectionSettings.of(parsed, parsed.password(), PLACE);
    }

    private static String refusal(String url) {
        return String.valueOf(catchThrowableOfType(IllegalArgumentException.class, () -> ConnectionUrl.parse(url))
                .getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://ann@db/shop",
        "postgres://ann@db/shop",
        "postgresql://ann@db:5432/shop",
        "postgresql:///shop?host=db&user=ann",
        "postgresql://ann@db?dbname=shop",
        "postgresql://ann@db?dbname=shop&port=5432",
        "jdbc:postgresql://db/shop?user=ann",
        "jdbc:postgresql://db:5432/shop?user=ann&loggerLevel=OFF",
    })
    void manySpellingsMeanTheSame(String url) {
        ConnectionSettings settings = settings(url);

        assertThat(settings.jdbcUrl()).isEqualTo("jdbc:postgresql://db:5432/shop");
        assertThat(settings.displayName()).isEqualTo("ann@db:5432/shop");
        assertThat(settings.password()).isEmpty();
        assertThat(settings.driverProperties()).isEmpty();
    }

    @Test
    void severalHostsMeanThePrimaryAmongThem() {
        ConnectionSettings settings = settings("postgresql://ann@one:5433,two,[::1]:5434,[fe80::1]/shop");

        assertThat(settings.hosts())
                .containsExactly(
                        new HostPort("one", 5433),
                        new HostPort("two", 5432),
                        new HostPort("::1", 5434),
                        new HostPort("fe80::1", 5432));
        assertThat(settings.jdbcUrl()).isEqualTo("jdbc:postgresql://one:5433,two:5432,[::1]:5434,[fe80::1]:5432/shop");
        assertThat(settings.driverProperties()).isEqualTo(Map.of("targetServerType", "primary"));
    }

    @Test
    void whatSomebodyAskedForIsNotOverruled() {
        assertThat(settings("postgresql://ann@one,two/shop?target_session_attrs=any")
                        .driverProperties())
                .isEqualTo(Map.of("targetServerType", "any"));
    }

    @Test
    void percentEncodingIsReadAsLibpqDoes() {
        ConnectionSettings settings =
                settings("postgresql://an%40n:p%3Aw%2F%3f+%C3%A9@db/sh%20op?application_name=a%26b");

        assertThat(settings.user()).isEqualTo("an@n");
        assertThat(settings.password()).contains(new Secret("p:w/?+\u00e9"));
        assertThat(settings.database()).isEqualTo("sh op");
        assertThat(settings.jdbcUrl()).isEqualTo("jdbc:postgresql://db:5432/sh%20op");
        assertThat(settings.driverProperties()).isEqualTo(Map.of("ApplicationName", "a&b"));
    }

    @Test
    void aPasswordMayHoldAnAtSignAndAColon() {
        assertThat(settings("postgresql://ann:p@ss:w/rd@db/shop").password()).contains(new Secret("p@ss:w/rd"));
    }

    @Test
    void parametersGoToTheDriverInItsOwnWords() {
        assertThat(settings(
                                "postgresql://ann@db/shop?sslmode=verify-full&sslrootcert=ca.pem&sslcert=/abs/c.crt&sslkey=~/k.pk8"
                                        + "&sslnegotiation=direct&channel_binding=require&gssencmode=disable&krbsrvname=pg"
                                        + "&connect_timeout=3&application_name=x&target_session_attrs=read-write"
                                        + "&load_balance_hosts=random&keepalives=0&options=-c%20geqo%3Doff")
                        .driverProperties())
                .isEqualTo(Map.ofEntries(
                        Map.entry("sslmode", "verify-full"),
                        Map.entry("sslrootcert", "/etc/viridian/ca.pem"),
                        Map.entry("sslcert", "/abs/c.crt"),
                        Map.entry("sslkey", "/home/ann/k.pk8"),
                        Map.entry("sslNegotiation", "direct"),
                        Map.entry("channelBinding", "require"),
                        Map.entry("gssEncMode", "disable"),
                        Map.entry("kerberosServerName", "pg"),
                        Map.entry("connectTimeout", "3"),
                        Map.entry("ApplicationName", "x"),
                        Map.entry("targetServerType", "primary"),
                        Map.entry("loadBalanceHosts", "true"),
                        Map.entry("tcpKeepAlive", "false"),
                        Map.entry("options", "-c geqo=off")));
    }

    @Test
    void theDriversOwnNamesAreUnderstood() {
        assertThat(settings("jdbc:postgresql://db/shop?user=ann&password=pw&ssl=true&sslpassword=kp&tcpKeepAlive=true"))
                .isEqualTo(new ConnectionSettings(
                        List.of(new HostPort("db", 5432)),
                        "shop",
                        "ann",
                        Optional.of(new Secret("pw")),
                        Optional.of(new Secret("kp")),
                        Map.of("sslmode", "verify-full", "tcpKeepAlive", "true")));
    }

    @Test
    void secretsAreHandedToTheDriverOnRequestOnly() {
        assertThat(settings("postgresql://ann:pw@db/shop?sslpassword=kp").driverPropertiesWithSecrets())
                .isEqualTo(Map.of("user", "ann", "password", "pw", "sslpassword", "kp"));
    }

    @Test
    void everyRefusalNamesThePart() {
        assertThat(refusal("mysql://ann@db/shop"))
                .isEqualTo("it does not begin with postgresql:// or jdbc:postgresql://");
        assertThat(refusal("postgresql://ann@/shop")).isEqualTo("the host is missing");
        assertThat(refusal("postgresql://ann@one,,two/shop")).isEqualTo("the host is missing");
        assertThat(refusal("postgresql://ann@db")).startsWith("the database is missing");
        assertThat(refusal("postgresql://db/shop")).startsWith("the user is missing");
        assertThat(refusal("postgresql://ann@db:port/shop")).isEqualTo("the port is not a number");
        assertThat(refusal("postgresql://ann@db:70000/shop")).isEqualTo("the port is not between 0 and 65535");
        assertThat(refusal("postgresql://ann@::1/shop")).isEqualTo("an IPv6 address needs brackets, like [::1]");
        assertThat(refusal("postgresql://ann@%2Frun%2Fpostgresql/shop"))
                .isEqualTo("sockets of the file system cannot be used; name a host");
        assertThat(refusal("postgresql://ann:5%@db/shop"))
                .isEqualTo("a percent sign is not followed by two hexadecimal digits (write %25)");
        assertThat(refusal("postgresql://ann@db/shop?sslmode=full"))
                .isEqualTo("'full' is no sslmode (one of disable, allow, prefer, require, verify-ca, verify-full)");
        assertThat(refusal("postgresql://ann@db/shop?ssl_mode=require"))
                .isEqualTo("the parameter 'ssl_mode' is not known; the nearest is 'sslmode'");
        assertThat(refusal("postgresql://ann@db/shop?currentSchema=x"))
                .isEqualTo("the parameter 'currentSchema' is not known");
        assertThat(refusal("postgresql://ann@db/shop?sslmode")).isEqualTo("a parameter is not name=value");
        assertThat(refusal("postgresql://ann@db/shop?user=a&user=b")).isEqualTo("the parameter 'user' is given twice");
        assertThat(refusal("postgresql://ann@db/shop?target_session_attrs=master"))
                .isEqualTo("'master' is no target_session_attrs (one of any, prefer-standby, primary, read-only,"
                        + " read-write, standby)");
        assertThat(refusal("postgresql://ann@db/shop?keepalives=maybe")).isEqualTo("'maybe' is no keepalives (1 or 0)");
        assertThat(refusal("postgresql://ann@db/shop?connect_timeout=3s")).isEqualTo("connect_timeout is not a number");
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://ann:hunter2@db/shop, postgresql://ann:****@db/shop",
        "postgresql://ann:hun:ter@2@db/shop, postgresql://ann:****@db/shop",
        "postgresql://db/shop?user=ann&password=hunter2, postgresql://db/shop?user=ann&password=****",
        "postgresql://db/shop?password=hun&ter2&sslmode=require, postgresql://db/shop?password=****",
        "jdbc:postgresql://db/shop?sslpassword=hunter2, jdbc:postgresql://db/shop?sslpassword=****",
        "postgresql://ann@db/shop, postgresql://ann@db/shop",
        "nonsense, nonsense",
        "postgres//ann:hunter2@db/shop, ****",
        "host=db password=hunter2, ****",
    })
    void maskingLeavesNothingOfAPassword(String given, String shown) {
        assertThat(ConnectionUrl.mask(given)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://ann:hun?ter2=x@db/shop",
        "postgresql://ann:hunter2%@db/shop",
        "postgresql://db/shop?user=ann&password=hun&hunter2=x",
        "postgresql://ann:hunter2@db:port/shop",
    })
    void noRefusalRepeatsAPassword(String url) {
        assertThat(refusal(url)).doesNotContain("hun").doesNotContain("ter2");
    }
}
