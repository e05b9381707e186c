package io.viridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The certificate. */
@Command(description = "Print the certificate: what was moved, proven and switched, with a timeline.")
final class ReportVerb implements Callable<Integer> {
    private final Surroundings around;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "md (Markdown) or json (one compact document); default: md.")
    private Form form = Form.MD;

    @Mixin
    private final DaemonOptions daemon = new DaemonOptions();

    ReportVerb(Surroundings around) {
        this.around = around;
    }

    /** The forms; text is Markdown, which is readable as it is. */
    enum Form {
        MD,
        TEXT,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        try (DaemonClient client = daemon.client(around)) {
            JsonNode certificate = client.read("/certificate").json();
            around.out()
                    .println(
                            switch (form) {
                                case JSON -> certificate.toString();
                                case MD, TEXT ->
                                    ReportMarkdown.of(
                                                    certificate, around.clock().now())
                                            .stripTrailing();
                            });
            return ExitCode.OK.number();
        }
    }
}
