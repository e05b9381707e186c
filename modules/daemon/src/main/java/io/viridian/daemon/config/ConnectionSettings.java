package io.viridian.daemon.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How to reach one database.
 *
 * @param hosts tried in order; the first that serves the session is used
 * @param password absent when the server asks for none, or knows us by certificate
 * @param keyPassword opens the client key
 * @param driverProperties what else the URL said, by the JDBC driver's names; holds no secret
 */
public record ConnectionSettings(
        List<HostPort> hosts,
        String database,
        String user,
        Optional<Secret> password,
        Optional<Secret> keyPassword,
        Map<String, String> driverProperties) {
    public ConnectionSettings {
        if (hosts.isEmpty() || database.isEmpty() || user.isEmpty()) {
            throw new IllegalArgumentException("a connection needs a host, a database and a user");
        }
        hosts = List.copyOf(hosts);
        driverProperties = Map.copyOf(driverProperties);
    }

    static ConnectionSettings of(ConnectionUrl url, Optional<Secret> password, Place place) {
        Map<String, String> properties = new TreeMap<>();
        url.parameters()
                .forEach((parameter, value) -> properties.put(
                        parameter.jdbc(),
                        parameter.namesFile() ? place.resolve(value).toString() : value));
        if (url.hosts().size() > 1) {
            // A standby can neither be migrated nor filled.
            properties.putIfAbsent(UrlParameter.TARGET_SESSION.jdbc(), "primary");
        }
        return new ConnectionSettings(url.hosts(), url.database(), url.user(), password, url.keyPassword(), properties);
    }

    /** For the JDBC driver, without user, password and properties. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + addresses() + "/" + PercentCode.encode(database);
    }

    /** What the driver is given beside the URL. Holds the passwords: hand it on, never print or keep it. */
    public Map<String, String> driverPropertiesWithSecrets() {
        Map<String, String> properties = new TreeMap<>(driverProperties);
        properties.put("user", user);
        password.ifPresent(secret -> properties.put("password", secret.reveal()));
        keyPassword.ifPresent(secret -> properties.put("sslpassword", secret.reveal()));
        return properties;
    }

    /** For people and logs. */
    public String displayName() {
        return user + "@" + addresses() + "/" + database;
    }

    private String addresses() {
        return hosts.stream().map(HostPort::toString).collect(Collectors.joining(","));
    }
}
