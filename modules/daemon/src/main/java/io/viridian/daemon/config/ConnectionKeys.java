package io.viridian.daemon.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The keys that blue, green and journal have in common. */
record ConnectionKeys(
        String section,
        ConfigurationKey<ConnectionUrl> url,
        ConfigurationKey<Secret> password,
        ConfigurationKey<Path> passwordFile) {
    static final ConnectionKeys BLUE = of("blue", "The database that holds the data now.");
    static final ConnectionKeys GREEN = of("green", "The database that will hold it.");
    static final ConnectionKeys JOURNAL = journal();

    private static ConnectionKeys of(String section, String meaning) {
        return of(
                section,
                ConfigurationKey.required(
                        section + ".url",
                        KeyTypes.connectionUrl(),
                        meaning,
                        "postgresql://viridian@" + section + "-db:5432/shop?sslmode=verify-full"));
    }

    private static ConnectionKeys journal() {
        return of(
                "journal",
                ConfigurationKey.optional(
                        "journal.url",
                        KeyTypes.connectionUrl(),
                        "blue, so that a rollback needs only blue; a third database is better",
                        "The database that holds the migration's journal, in the schema viridian.",
                        "postgresql://viridian@control-db:5432/viridian?sslmode=verify-full"));
    }

    private static ConnectionKeys of(String section, ConfigurationKey<ConnectionUrl> url) {
        return new ConnectionKeys(
                section,
                url,
                ConfigurationKey.optional(
                        section + ".password",
                        KeyTypes.secret(),
                        "the password-file, the URL, PGPASSWORD, or PGPASSFILE (~/.pgpass) decide",
                        "The password by reference, never itself: ${env:NAME} or ${file:PATH}.",
                        "${env:" + section.toUpperCase(Locale.ROOT) + "_PASSWORD}"),
                ConfigurationKey.optional(
                        section + ".password-file",
                        KeyTypes.path(),
                        "the password, the URL, PGPASSWORD, or PGPASSFILE (~/.pgpass) decide",
                        "The file that holds the password and nothing else.",
                        "/run/secrets/" + section));
    }

    List<ConfigurationKey<?>> all() {
        return List.of(url, password, passwordFile);
    }
}
