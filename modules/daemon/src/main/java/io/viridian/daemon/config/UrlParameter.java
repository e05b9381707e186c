package io.viridian.daemon.config;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parameters a connection URL may carry, by the name libpq gives them and the one the JDBC driver does. */
enum UrlParameter {
    SSL_MODE("sslmode", "sslmode"),
    SSL_ROOT_CERTIFICATE("sslrootcert", "sslrootcert"),
    SSL_CERTIFICATE("sslcert", "sslcert"),
    SSL_KEY("sslkey", "sslkey"),
    SSL_PASSWORD("sslpassword", "sslpassword"),
    SSL_NEGOTIATION("sslnegotiation", "sslNegotiation"),
    CHANNEL_BINDING("channel_binding", "channelBinding"),
    GSS_ENCRYPTION("gssencmode", "gssEncMode"),
    KERBEROS_SERVER("krbsrvname", "kerberosServerName"),
    CONNECT_TIMEOUT("connect_timeout", "connectTimeout"),
    APPLICATION_NAME("application_name", "ApplicationName"),
    TARGET_SESSION("target_session_attrs", "targetServerType"),
    LOAD_BALANCE("load_balance_hosts", "loadBalanceHosts"),
    KEEP_ALIVE("keepalives", "tcpKeepAlive"),
    OPTIONS("options", "options"),
    HOST("host", "host"),
    PORT("port", "port"),
    DATABASE("dbname", "dbname"),
    USER("user", "user"),
    PASSWORD("password", "password"),
    SSL("ssl", "ssl"),
    LOGGER_LEVEL("loggerLevel", "loggerLevel");

    private static final Map<String, String> SERVER_TYPES = Map.of(
            "any", "any",
            "read-write", "primary",
            "primary", "primary",
            "read-only", "secondary",
            "standby", "secondary",
            "prefer-standby", "preferSecondary");
    private static final List<String> SSL_MODES =
            List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

    private final String libpq;
    private final String jdbc;

    UrlParameter(String libpq, String jdbc) {
        this.libpq = libpq;
        this.jdbc = jdbc;
    }

    static UrlParameter named(String name) {
        Optional<UrlParameter> found = Arrays.stream(values())
                .filter(parameter -> parameter.libpq.equals(name) || parameter.jdbc.equals(name))
                .findFirst();
        return found.orElseThrow(() -> new IllegalArgumentException("the parameter '" + name + "' is not known"
                + NearestKey.among(
                                Arrays.stream(values()).map(UrlParameter::libpq).toList(), name)
                        .map(nearest -> "; the nearest is '" + nearest + "'")
                        .orElse("")));
    }

    String libpq() {
        return libpq;
    }

    /** The driver's name for it. */
    String jdbc() {
        return jdbc;
    }

    boolean namesFile() {
        return this == SSL_CERTIFICATE || this == SSL_KEY || this == SSL_ROOT_CERTIFICATE;
    }

    /** The value as the driver wants it: libpq's words are translated, the driver's own are accepted. */
    String translate(String value) {
        return switch (this) {
            case SSL_MODE -> oneOf(SSL_MODES, value);
            case CONNECT_TIMEOUT, PORT -> number(value);
            case TARGET_SESSION -> serverType(value);
            case LOAD_BALANCE -> translateSwitch(value, "random", "disable");
            case KEEP_ALIVE -> translateSwitch(value, "1", "0");
            case SSL_ROOT_CERTIFICATE,
                    SSL_CERTIFICATE,
                    SSL_KEY,
                    SSL_PASSWORD,
                    SSL_NEGOTIATION,
                    CHANNEL_BINDING,
                    GSS_ENCRYPTION,
                    KERBEROS_SERVER,
                    APPLICATION_NAME,
                    OPTIONS,
                    HOST,
                    DATABASE,
                    USER,
                    PASSWORD,
                    LOGGER_LEVEL -> value;
            case SSL -> translateSwitch(value, "true", "false");
        };
    }

    private String serverType(String value) {
        if (SERVER_TYPES.containsValue(value)) {
            return value;
        }
        List<String> words = SERVER_TYPES.keySet().stream().sorted().toList();
        return SERVER_TYPES.getOrDefault(oneOf(words, value), value);
    }

    private String oneOf(List<String> words, String value) {
        if (!words.contains(value)) {
            throw new IllegalArgumentException(
                    "'" + value + "' is no " + libpq + " (one of " + String.join(", ", words) + ")");
        }
        return value;
    }

    private String number(String value) {
        if (!value.matches("\\d{1,9}")) {
            throw new IllegalArgumentException(libpq + " is not a number");
        }
        return value;
    }

    private String translateSwitch(String value, String on, String off) {
        if (value.equals(on) || value.equals("true")) {
            return "true";
        }
        if (value.equals(off) || value.equals("false")) {
            return "false";
        }
        throw new IllegalArgumentException("'" + value + "' is no " + libpq + " (" + on + " or " + off + ")");
    }
}
