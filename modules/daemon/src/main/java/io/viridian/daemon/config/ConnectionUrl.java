package io.viridian.daemon.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A connection URL in its parts: {@code postgresql://user:password@host1:5432,host2/database?sslmode=verify-full}, or
 * the JDBC form of the same.
 *
 * @param parameters everything after the question mark that is not host, port, database, user or password, with the
 *     values in the driver's words
 */
record ConnectionUrl(
        List<HostPort> hosts,
        String database,
        String user,
        Optional<Secret> password,
        Optional<Secret> keyPassword,
        Map<UrlParameter, String> parameters) {
    private static final Pattern SCHEME = Pattern.compile("^(jdbc:)?postgres(ql)?://");
    /** Up to the end, because what follows an unencoded sign may still be the password. */
    private static final Pattern SECRET_PARAMETER = Pattern.compile("(?i)([?&](?:ssl)?password=).*");
    /** PostgreSQL's own. */
    private static final String DEFAULT_PORT = "5432";

    ConnectionUrl {
        hosts = List.copyOf(hosts);
        parameters = Map.copyOf(parameters);
    }

    /**
     * Reads both forms.
     *
     * @throws IllegalArgumentException that says which part is wrong, without repeating a secret
     */
    static ConnectionUrl parse(String text) {
        String rest = SCHEME.matcher(text).replaceFirst("");
        if (rest.length() == text.length()) {
            throw new IllegalArgumentException("it does not begin with postgresql:// or jdbc:postgresql://");
        }
        int question = rest.indexOf('?');
        require(
                question < 0 || question > rest.lastIndexOf('@'),
                "an @ follows the ?; signs of a password or a parameter must be percent-encoded (%3F, %40)");
        Map<UrlParameter, String> query = query(question < 0 ? "" : rest.substring(question + 1));
        String address = question < 0 ? rest : rest.substring(0, question);
        int at = address.lastIndexOf('@');
        String credentials = at < 0 ? "" : address.substring(0, at);
        String place = address.substring(at + 1);
        int slash = place.indexOf('/');
        String hosts = slash < 0 ? place : place.substring(0, slash);
        String database = slash < 0 ? "" : PercentCode.decode(place.substring(slash + 1));
        int colon = credentials.indexOf(':');
        String user = PercentCode.decode(colon < 0 ? credentials : credentials.substring(0, colon));
        String password = colon < 0 ? "" : PercentCode.decode(credentials.substring(colon + 1));
        return of(query, hosts, database, user, password);
    }

    /** A parameter wins over the same thing in front of the question mark, as in libpq. */
    private static ConnectionUrl of(
            Map<UrlParameter, String> query, String address, String path, String login, String word) {
        String ports = taken(query, UrlParameter.PORT, "");
        List<HostPort> hosts = hosts(taken(query, UrlParameter.HOST, address), ports);
        String database = taken(query, UrlParameter.DATABASE, path);
        String user = taken(query, UrlParameter.USER, login);
        String password = taken(query, UrlParameter.PASSWORD, word);
        String keyPassword = taken(query, UrlParameter.SSL_PASSWORD, "");
        require(!database.isEmpty(), "the database is missing: it follows the host after a slash");
        require(!user.isEmpty(), "the user is missing: it stands before the host and an @");
        if (taken(query, UrlParameter.SSL, "false").equals("true")) {
            query.putIfAbsent(UrlParameter.SSL_MODE, "verify-full");
        }
        query.remove(UrlParameter.LOGGER_LEVEL);
        return new ConnectionUrl(hosts, database, user, secret(password), secret(keyPassword), query);
    }

    private static String taken(Map<UrlParameter, String> query, UrlParameter parameter, String otherwise) {
        String value = query.remove(parameter);
        return value == null ? otherwise : value;
    }

    private static Optional<Secret> secret(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(new Secret(text));
    }

    private static List<HostPort> hosts(String text, String ports) {
        require(!text.isEmpty(), "the host is missing");
        List<HostPort> hosts = new ArrayList<>();
        for (String address : text.split(",", -1)) {
            String decoded = PercentCode.decode(address);
            require(!decoded.startsWith("/"), "sockets of the file system cannot be used; name a host");
            boolean named = decoded.lastIndexOf(':') > decoded.lastIndexOf(']');
            String port = ports.isEmpty() ? DEFAULT_PORT : ports;
            hosts.add(
                    named && !bareAddress(decoded)
                            ? HostPort.parse(decoded)
                            : new HostPort(HostPort.unbracketed(decoded), HostPort.port(port)));
        }
        return hosts;
    }

    /** More than one colon and no brackets: an IPv6 address whose port nobody can tell. */
    private static boolean bareAddress(String text) {
        return !text.startsWith("[") && text.indexOf(':') != text.lastIndexOf(':');
    }

    private static Map<UrlParameter, String> query(String text) {
        Map<UrlParameter, String> found = new EnumMap<>(UrlParameter.class);
        if (text.isEmpty()) {
            return found;
        }
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            require(equals > 0, "a parameter is not name=value");
            UrlParameter parameter = parameter(PercentCode.decode(pair.substring(0, equals)), text);
            String value = parameter.translate(PercentCode.decode(pair.substring(equals + 1)));
            require(found.put(parameter, value) == null, "the parameter '" + parameter.libpq() + "' is given twice");
        }
        return found;
    }

    /** Beside a password an unknown name may be a piece of it, so it is not repeated. */
    private static UrlParameter parameter(String name, String query) {
        try {
            return UrlParameter.named(name);
        } catch (IllegalArgumentException unknown) {
            require(
                    !SECRET_PARAMETER.matcher("?" + query).find(),
                    "a parameter is not known; signs of a password must be percent-encoded (%26 for &)");
            throw unknown;
        }
    }

    private static void require(boolean claim, String otherwise) {
        if (!claim) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** The text with every password hidden; what is no URL but may hold one is hidden altogether. */
    static String mask(String text) {
        if (!SCHEME.matcher(text).find()) {
            boolean harmless =
                    !text.contains("@") && !text.toLowerCase(Locale.ROOT).contains("password");
            return harmless ? text : Secret.MASK;
        }
        String masked = SECRET_PARAMETER.matcher(text).replaceAll("$1" + Secret.MASK);
        int start = masked.indexOf("://") + "://".length();
        int colon = masked.indexOf(':', start);
        int at = masked.lastIndexOf('@');
        return colon < 0 || colon > at ? masked : masked.substring(0, colon + 1) + Secret.MASK + masked.substring(at);
    }

    /** Without the password, which is a part of its own. */
    @Override
    public String toString() {
        List<String> addresses = hosts.stream().map(HostPort::toString).toList();
        return "postgresql://" + PercentCode.encode(user) + "@" + String.join(",", addresses) + "/"
                + PercentCode.encode(database);
    }
}
