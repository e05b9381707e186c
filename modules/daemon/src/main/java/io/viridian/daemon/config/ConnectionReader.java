package io.viridian.daemon.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Builds {@link ConnectionSettings} and finds the password, in the order libpq looks for it. */
final class ConnectionReader {
    private final ConfigurationSources sources;
    private final Values values;

    ConnectionReader(ConfigurationSources sources, Values values) {
        this.sources = sources;
        this.values = values;
    }

    /** Empty when something is wrong, which has then been told. */
    Optional<ConnectionSettings> read(ConnectionKeys keys) {
        Optional<ConnectionUrl> url = values.find(keys.url());
        if (url.isEmpty() || !values.sound(keys.section())) {
            return Optional.empty();
        }
        try {
            return Optional.of(ConnectionSettings.of(
                    url.get(),
                    password(keys, url.get()),
                    sources.place(values.origin(keys.url().path()))));
        } catch (InvalidPassword refused) {
            values.refuse(refused.key, refused.key.path(), refused.rule);
            return Optional.empty();
        }
    }

    private Optional<Secret> password(ConnectionKeys keys, ConnectionUrl url) {
        Optional<Secret> direct = values.find(keys.password());
        Optional<Path> file = values.find(keys.passwordFile());
        if (values.writtenOut(keys.password())) {
            throw new InvalidPassword(keys.password(), "must be a reference; the password itself has no place here");
        }
        if (direct.isPresent() && file.isPresent()) {
            throw new InvalidPassword(
                    keys.passwordFile(), "is given beside " + keys.password().path() + "; keep one");
        }
        if (url.password().isPresent() && (direct.isPresent() || file.isPresent())) {
            throw new InvalidPassword(keys.url(), "holds a password beside the one of its own key; keep one");
        }
        if (!sources.readPasswords()) {
            return direct.or(url::password);
        }
        if (file.isPresent()) {
            return Optional.of(content(keys, file.get()));
        }
        return direct.or(url::password).or(() -> fromEnvironment(keys, url));
    }

    private static Secret content(ConnectionKeys keys, Path file) {
        try {
            String text = References.content(file);
            if (text.isEmpty()) {
                throw new InvalidPassword(keys.passwordFile(), "is an empty file; it must hold the password");
            }
            return new Secret(text);
        } catch (IllegalArgumentException unreadable) {
            throw new InvalidPassword(keys.passwordFile(), "names a file that cannot be read");
        }
    }

    private Optional<Secret> fromEnvironment(ConnectionKeys keys, ConnectionUrl url) {
        String password = sources.environment().getOrDefault("PGPASSWORD", "");
        if (!password.isEmpty()) {
            return Optional.of(new Secret(password));
        }
        String named = sources.environment().getOrDefault("PGPASSFILE", "");
        Path file = named.isEmpty()
                ? sources.home().resolve(".pgpass")
                : sources.workingDirectory().resolve(named);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return PasswordFile.read(file).find(url);
        } catch (IllegalArgumentException refused) {
            throw new InvalidPassword(keys.url(), "has no password of its own, and " + refused.getMessage());
        }
    }

    /** Ends the search for a password with the reason; never leaves this class. */
    private static final class InvalidPassword extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient ConfigurationKey<?> key;
        private final String rule;

        InvalidPassword(ConfigurationKey<?> key, String rule) {
            super(rule);
            this.key = key;
            this.rule = rule;
        }
    }
}
