package io.viridian.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viridian.daemon.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Which program this is. */
@Command(description = "Show the version of this program and of the Java it runs on.")
final class VersionVerb implements Callable<Integer> {
    private final Surroundings around;

    @Mixin
    private final OutputOption output = new OutputOption();

    VersionVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        String java = Runtime.version().toString();
        ObjectNode document = JsonNodeFactory.instance
                .objectNode()
                .put("version", Version.current())
                .put("java", java);
        output.print(around, document, () -> "viridian %s (Java %s)".formatted(Version.current(), java));
        return ExitCode.OK.number();
    }
}
