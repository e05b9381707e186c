package io.viridian.daemon.config;

import java.net.URI;
import java.nio.file.Path;

/** Where events are sent. */
public sealed interface NotifySettings {
    /** CloudEvents over HTTP, signed. */
    record Webhook(URI url, Path secretFile) implements NotifySettings {
        /** The path of a web hook is often its password. */
        @Override
        public String toString() {
            return "Webhook[url=" + url.getScheme() + "://" + url.getHost() + "/" + Secret.MASK + ", secretFile="
                    + secretFile + "]";
        }
    }
}
