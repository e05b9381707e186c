package io.viridian.daemon.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Something of the operator's that can be asked: it passes or fails, and says why. */
public sealed interface ActionSettings extends HealthProbe {
    /** A command. */
    record Exec(List<String> command) implements ActionSettings {
        public Exec {
            command = List.copyOf(command);
        }
    }

    /**
     * A request.
     *
     * @param secretFile absent: it is not signed
     * @param expect what must be in the answer; absent: nothing
     */
    record Http(URI url, Optional<Path> secretFile, Optional<String> expect) implements ActionSettings {
        /** The path of a web hook is often its password. */
        @Override
        public String toString() {
            return "Http[url=" + url.getScheme() + "://" + url.getHost() + "/" + Secret.MASK + ", secretFile="
                    + secretFile + ", expect=" + expect + "]";
        }
    }

    /** Whether there is something to run or to ask. */
    default boolean isComplete() {
        return !(this instanceof Exec exec) || !exec.command().isEmpty();
    }
}
