package io.viridian.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** In which form data is printed. */
final class OutputOption {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (one compact document); default: text.")
    private Form form = Form.TEXT;

    /** The forms. */
    enum Form {
        TEXT,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    boolean json() {
        return form == Form.JSON;
    }

    /** Prints one document, as it is or as text for people. */
    void print(Surroundings around, JsonNode document, Supplier<String> text) {
        around.out().println(json() ? document.toString() : text.get().stripTrailing());
        around.out().flush();
    }
}
