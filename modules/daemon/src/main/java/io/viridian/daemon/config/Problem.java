package io.viridian.daemon.config;

import io.viridian.fault.FaultCode;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One thing that is wrong with what the operator gave.
 *
 * @param code CONFIGURATION_INVALID, or NOT_YET for what is understood but not built
 * @param origin where it was given
 * @param key the key's path; empty when a file as a whole is meant
 * @param given the value, secrets masked; empty when there is none
 * @param rule the sentence after the value: what it must be, or why it is refused
 * @param example how it could look; empty when the rule says enough
 */
public record Problem(
        FaultCode code, Origin origin, String key, Optional<String> given, String rule, Optional<String> example) {
    static Problem at(Origin origin, String key) {
        return new Problem(FaultCode.CONFIGURATION_INVALID, origin, key, Optional.empty(), "", Optional.empty());
    }

    Problem given(String masked) {
        return new Problem(code, origin, key, Optional.of(masked), rule, example);
    }

    Problem rule(String sentence) {
        return new Problem(code, origin, key, given, sentence, example);
    }

    Problem example(String text) {
        return new Problem(code, origin, key, given, rule, Optional.of(text));
    }

    /** Understood, but not built; the rule names what works instead. */
    Problem notYet(String instead) {
        return new Problem(FaultCode.NOT_YET, origin, key, given, "is not built yet; " + instead, Optional.empty());
    }

    /** The file concerned; empty when the value came from elsewhere. */
    public Optional<Path> file() {
        return origin instanceof Origin.InFile place ? Optional.of(place.file()) : Optional.empty();
    }

    /** The line in the file, counted from 1; 0 when there is none. */
    public int line() {
        return origin instanceof Origin.InFile place ? place.line() : 0;
    }

    /** The whole of it on one line. */
    public String sentence() {
        StringBuilder text = new StringBuilder();
        if (!(origin instanceof Origin.Default)) {
            text.append(origin).append(": ");
        }
        text.append(key);
        given.ifPresent(value -> text.append(" '").append(value).append('\''));
        if (!key.isEmpty()) {
            text.append(' ');
        }
        text.append(rule);
        example.ifPresent(value -> text.append(", for example ").append(value));
        return text.toString();
    }
}
