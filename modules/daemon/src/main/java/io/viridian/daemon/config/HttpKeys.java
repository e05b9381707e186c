package io.viridian.daemon.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** Keys of the section http. */
final class HttpKeys {

    private static final String TOKENS_FOR_NOW =
            "leave it out: `http.tokens-file` says who may call, and without it the daemon listens on loopback alone";

    private static final Presence.Defaulted<HostPort> DEFAULT_LISTEN = new Presence.Defaulted<>(
            new HostPort("127.0.0.1", 7080), "Loopback, because nobody has said who else may call.");
    private static final Presence.Defaulted<String> DEFAULT_ROLES_CLAIM =
            new Presence.Defaulted<>("groups", "The claim in which most providers list a person's groups.");

    static final ConfigurationKey<HostPort> LISTEN = ConfigurationKey.defaulted(
            "http.listen",
            KeyTypes.hostPort(),
            DEFAULT_LISTEN,
            "Where API, dashboard and metrics are served.",
            "127.0.0.1:7090");
    static final ConfigurationKey<Path> CERTIFICATE = ConfigurationKey.optional(
                    "http.tls.certificate",
                    KeyTypes.path(),
                    "no TLS",
                    "The server's certificate chain.",
                    "/etc/viridian/tls.crt")
            .notYetFor(_ -> true, TOKENS_FOR_NOW);
    static final ConfigurationKey<Path> PRIVATE_KEY = ConfigurationKey.optional(
                    "http.tls.key",
                    KeyTypes.path(),
                    "no TLS",
                    "The certificate's private key.",
                    "/etc/viridian/tls.key")
            .notYetFor(_ -> true, TOKENS_FOR_NOW);
    static final ConfigurationKey<Path> CLIENT_CA = ConfigurationKey.optional(
                    "http.tls.client-ca",
                    KeyTypes.path(),
                    "clients need no certificate",
                    "Who signs the certificates of clients.",
                    "/etc/viridian/clients.crt")
            .notYetFor(_ -> true, TOKENS_FOR_NOW);
    static final ConfigurationKey<Path> TOKENS_FILE = ConfigurationKey.optional(
            "http.tokens-file",
            KeyTypes.path(),
            "one admin token, written to state-dir",
            "Who may call: name, role, SHA-256 of the token, expiry; `viridian token create` writes it.",
            "/etc/viridian/tokens.yaml");
    static final ConfigurationKey<URI> ISSUER = ConfigurationKey.optional(
                    "http.oidc.issuer",
                    KeyTypes.webUrl(),
                    "no identity provider",
                    "The identity provider whose tokens are accepted.",
                    "https://login.example.org")
            .notYetFor(_ -> true, TOKENS_FOR_NOW);
    static final ConfigurationKey<String> AUDIENCE = ConfigurationKey.optional(
                    "http.oidc.audience",
                    KeyTypes.text(),
                    "no identity provider",
                    "For whom the provider's tokens must have been issued.",
                    "viridian")
            .notYetFor(_ -> true, TOKENS_FOR_NOW);
    static final ConfigurationKey<String> ROLES_CLAIM = ConfigurationKey.defaulted(
            "http.oidc.roles-claim",
            KeyTypes.text(),
            DEFAULT_ROLES_CLAIM,
            "The claim that lists the caller's roles.",
            "roles");

    static final List<ConfigurationKey<?>> TLS = List.of(CERTIFICATE, PRIVATE_KEY, CLIENT_CA);
    static final List<ConfigurationKey<?>> OIDC = List.of(ISSUER, AUDIENCE);
    static final List<ConfigurationKey<?>> ALL =
            List.of(LISTEN, CERTIFICATE, PRIVATE_KEY, CLIENT_CA, TOKENS_FILE, ISSUER, AUDIENCE, ROLES_CLAIM);

    private HttpKeys() {}
}
