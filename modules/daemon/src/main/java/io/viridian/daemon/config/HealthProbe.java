package io.viridian.daemon.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Who is asked how the application does. */
public sealed interface HealthProbe {
    /** An instant query; every value of its answer must be as the threshold says. */
    record Prometheus(URI url, String query, Threshold healthy) implements HealthProbe {
        /** The path in front of a Prometheus is often its password. */
        @Override
        public String toString() {
            return "Prometheus[url=" + url.getScheme() + "://" + url.getHost() + "/" + Secret.MASK + ", query=" + query
                    + ", healthy=" + healthy + "]";
        }
    }

    /** A command, as a hook. */
    record Exec(List<String> command) implements HealthProbe {
        public Exec {
            command = List.copyOf(command);
            new SettingRules()
                    .require(!command.isEmpty(), HealthKeys.COMMAND, "must name the program")
                    .orThrow();
        }
    }

    /** A request, as a hook. */
    record Http(URI url, Optional<Path> secretFile, Optional<String> expect) implements HealthProbe {
        /** The path of a web hook is often its password. */
        @Override
        public String toString() {
            return "Http[url=" + url.getScheme() + "://" + url.getHost() + "/" + Secret.MASK + ", secretFile="
                    + secretFile + ", expect=" + expect + "]";
        }
    }
}
