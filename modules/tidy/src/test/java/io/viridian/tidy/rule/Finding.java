package io.viridian.tidy.rule;

import java.nio.file.Path;

/** One place that breaks a rule. Prints as {@code file:line}, which editors and terminals turn into a link. */
public record Finding(Path path, int line, String what, Reason reason) {
    @Override
    public String toString() {
        return """
                %s:%d: %s [%s]
                    why:  %s
                    mend: %s""".formatted(path, line, what, reason.rule(), reason.why(), reason.mend());
    }
}
