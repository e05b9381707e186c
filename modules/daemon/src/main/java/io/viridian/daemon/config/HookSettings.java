package io.viridian.daemon.config;

import io.viridian.cutover.hook.HookMoment;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Something of the operator's that is run or asked on the way.
 *
 * @param timeout for each time it is run
 * @param every how often it is asked, where it is a gate
 */
public record HookSettings(
        String name, HookMoment when, HookDirections on, Action action, Duration timeout, Duration every) {
    /** How it is asked. */
    public sealed interface Action {
        /** A command. */
        record Exec(List<String> command) implements Action {
            public Exec {
                command = List.copyOf(command);
                new SettingRules()
                        .require(!command.isEmpty(), HookKeys.COMMAND, "must name the program")
                        .orThrow();
            }
        }

        /**
         * A request.
         *
         * @param secretFile absent: it is not signed
         * @param expect what must be in the answer; absent: nothing
         */
        record Http(URI url, Optional<Path> secretFile, Optional<String> expect) implements Action {
            /** The path of a web hook is often its password. */
            @Override
            public String toString() {
                return "Http[url=" + url.getScheme() + "://" + url.getHost() + "/" + Secret.MASK + ", secretFile="
                        + secretFile + ", expect=" + expect + "]";
            }
        }
    }

    HookKeys keys() {
        return action instanceof Action.Exec ? HookKeys.EXEC : HookKeys.HTTP;
    }
}
