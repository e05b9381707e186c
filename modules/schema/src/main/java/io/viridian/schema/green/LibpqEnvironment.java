package io.viridian.schema.green;

import io.viridian.postgres.Endpoint;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An endpoint as the programs of PostgreSQL read it from their environment (manual 14-18, section 34.15). The password
 * goes this way too, because a command line is shown to every user of the machine.
 */
final class LibpqEnvironment {
    private static final String JDBC = "jdbc:postgresql://";
    private static final String DEFAULT_PORT = "5432";

    private static final Map<String, String> VARIABLES = Map.of(
            "user", "PGUSER",
            "password", "PGPASSWORD",
            "sslmode", "PGSSLMODE",
            "sslrootcert", "PGSSLROOTCERT",
            "sslcert", "PGSSLCERT",
            "sslkey", "PGSSLKEY",
            "channelBinding", "PGCHANNELBINDING",
            "gssEncMode", "PGGSSENCMODE",
            "kerberosServerName", "PGKRBSRVNAME",
            "options", "PGOPTIONS");

    private LibpqEnvironment() {}

    static Map<String, String> of(Endpoint endpoint) {
        String url = endpoint.jdbcUrl();
        if (!url.startsWith(JDBC)) {
            throw new IllegalArgumentException("not the URL of a PostgreSQL database: " + url);
        }
        int path = url.indexOf('/', JDBC.length());
        int query = url.indexOf('?');
        String hosts = url.substring(JDBC.length(), path < 0 ? url.length() : path);
        String database = path < 0 ? "" : url.substring(path + 1, query < 0 ? url.length() : query);

        Map<String, String> environment = new HashMap<>();
        addHosts(hosts, environment);
        environment.put("PGDATABASE", decode(database));
        environment.put("PGCONNECT_TIMEOUT", "10");
        Map<String, String> properties = new HashMap<>();
        if (query >= 0) {
            addQuery(url.substring(query + 1), properties);
        }
        properties.putAll(endpoint.properties());
        properties.forEach((name, value) -> {
            String variable = VARIABLES.get(name);
            if (variable != null) {
                environment.put(variable, value);
            }
        });
        if (properties.getOrDefault("targetServerType", "").equals("primary")) {
            environment.put("PGTARGETSESSIONATTRS", "read-write");
        }
        return environment;
    }

    private static void addHosts(String hosts, Map<String, String> environment) {
        List<String> names = new ArrayList<>();
        List<String> ports = new ArrayList<>();
        for (String host : hosts.split(",")) {
            int colon = host.lastIndexOf(':');
            boolean port = colon > host.lastIndexOf(']');
            String name = port ? host.substring(0, colon) : host;
            names.add(name.startsWith("[") ? name.substring(1, name.length() - 1) : name);
            ports.add(port ? host.substring(colon + 1) : DEFAULT_PORT);
        }
        environment.put("PGHOST", String.join(",", names));
        environment.put("PGPORT", String.join(",", ports));
    }

    private static void addQuery(String query, Map<String, String> properties) {
        for (String parameter : query.split("&")) {
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                properties.put(parameter.substring(0, equals), decode(parameter.substring(equals + 1)));
            }
        }
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
