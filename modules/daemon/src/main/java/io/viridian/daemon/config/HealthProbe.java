package io.viridian.daemon.config;

import java.net.URI;

/** Who is asked how the application does. */
public sealed interface HealthProbe permits HealthProbe.Prometheus, ActionSettings {
    /** An instant query; every value of its answer must be as the threshold says. */
    record Prometheus(URI url, String query, Threshold healthy) implements HealthProbe {
        /** The path in front of a Prometheus is often its password. */
        @Override
        public String toString() {
            return "Prometheus[url=" + url.getScheme() + "://" + url.getHost() + "/" + Secret.MASK + ", query=" + query
                    + ", healthy=" + healthy + "]";
        }
    }
}
