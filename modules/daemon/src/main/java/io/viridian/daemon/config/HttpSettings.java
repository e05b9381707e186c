package io.viridian.daemon.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** The control API. Without tokens file, OIDC or client CA it listens on loopback only. */
public record HttpSettings(HostPort listen, Optional<Tls> tls, Optional<Path> tokensFile, Optional<Oidc> oidc) {
    public HttpSettings {
        boolean callersAreKnown = tokensFile.isPresent()
                || oidc.isPresent()
                || tls.flatMap(Tls::clientCa).isPresent();
        new SettingRules()
                .require(
                        callersAreKnown || loopback(listen.host()),
                        HttpKeys.LISTEN,
                        "must be a loopback address, as long as no tokens-file, oidc or client CA says who may call")
                .orThrow();
    }

    /**
     * The server's certificate.
     *
     * @param clientCa clients must show a certificate signed by it
     */
    public record Tls(Path certificate, Path key, Optional<Path> clientCa) {}

    /**
     * Tokens of an identity provider.
     *
     * @param rolesClaim which claim lists the roles
     */
    public record Oidc(URI issuer, String audience, String rolesClaim) {}

    private static boolean loopback(String host) {
        return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.\\d{1,3}){3}");
    }
}
