package io.viridian.cli;

import io.viridian.daemon.config.ConfigurationException;
import io.viridian.daemon.config.ConfigurationLoader;
import io.viridian.daemon.config.Settings;
import io.viridian.daemon.http.HttpSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which daemon a verb talks to, and with which token. */
final class DaemonOptions {
    private static final URI USUAL = URI.create("http://127.0.0.1:7080");

    @Mixin
    private final ConfigurationOptions configuration = new ConfigurationOptions();

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "The daemon's address; default: where the configuration says that it listens.")
    private @Nullable URI server;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = {
                "The file that holds the token; default: the daemon's admin token on this machine,",
                "which there is when the configuration names no http.tokens-file."
            })
    private @Nullable Path tokenFile;

    ConfigurationOptions configuration() {
        return configuration;
    }

    DaemonClient client(Surroundings around) {
        Optional<Settings> settings = settings(around);
        URI address = server != null
                ? demandHttp(server)
                : settings.map(DaemonOptions::address).orElse(USUAL);
        Optional<Path> token = tokenFile != null
                ? Optional.of(around.workingDirectory().resolve(tokenFile))
                : settings.filter(known -> known.http().tokensFile().isEmpty())
                        .map(known -> HttpSettings.tokenFile(known.stateDir(), known.migration()));
        return new DaemonClient(address, token, settings.map(Settings::migration), around);
    }

    /** A configuration nobody named may be broken, as long as everything needed from it was given otherwise. */
    private Optional<Settings> settings(Surroundings around) {
        boolean needless = server != null && tokenFile != null && !configuration.named();
        if (needless || !(configuration.named() || configuration.present(around))) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    ConfigurationLoader.load(configuration.sources(around).withoutPasswords())
                            .settings());
        } catch (ConfigurationException e) {
            if (server == null || configuration.named()) {
                throw e;
            }
            around.talk("viridian: going on without the configuration, which is refused; "
                    + "`viridian config validate` says why");
            return Optional.empty();
        }
    }

    private static URI address(Settings settings) {
        return URI.create("http://" + settings.http().listen());
    }

    private static URI demandHttp(URI given) {
        String scheme = given.getScheme();
        if (given.getHost() == null || scheme == null || !scheme.matches("https?")) {
            throw new Failure(
                    ExitCode.USAGE,
                    "USAGE: --server '%s' is no address".formatted(given),
                    "Write it like http://127.0.0.1:7080.");
        }
        return given;
    }
}
