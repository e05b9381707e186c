package io.viridian.daemon.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** Keys of the elements of notify. */
final class NotifyKeys {

    static final String LIST = "notify";

    private static final String NOT_YET = "follow /v1/migrations/NAME/stream, or scrape /metrics and alert on it";

    static final ConfigurationKey<URI> WEBHOOK_URL = ConfigurationKey.required(
                    "notify[].webhook.url",
                    KeyTypes.webUrl(),
                    "Where events are sent as CloudEvents.",
                    "https://chat.example.org/hooks/viridian")
            .notYetFor(_ -> true, NOT_YET);
    static final ConfigurationKey<Path> WEBHOOK_SECRET_FILE = ConfigurationKey.required(
            "notify[].webhook.secret-file",
            KeyTypes.path(),
            "The file with the key that signs them.",
            "/run/secrets/notify");

    static final List<ConfigurationKey<?>> ALL = List.of(WEBHOOK_URL, WEBHOOK_SECRET_FILE);

    private NotifyKeys() {}
}
