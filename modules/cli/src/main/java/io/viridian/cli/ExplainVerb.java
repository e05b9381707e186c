package io.viridian.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viridian.fault.FaultCode;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What a word of Viridian's means. */
@Command(
        description =
                "Explain a fault code, a gate or an exit code; without one, list the fault codes. Needs no daemon.")
final class ExplainVerb implements Callable<Integer> {
    private final Surroundings around;

    @Parameters(arity = "0..1", paramLabel = "CODE", description = "Like ROW_REFUSED, tx.longest or 11.")
    private @Nullable String code;

    @Mixin
    private final OutputOption output = new OutputOption();

    ExplainVerb(Surroundings around) {
        this.around = around;
    }

    @Override
    public Integer call() {
        String word = code;
        if (word == null) {
            list();
            return ExitCode.OK.number();
        }
        ObjectNode document = fault(word)
                .or(() -> gate(word))
                .or(() -> exit(word))
                .orElseThrow(() -> new Failure(
                        ExitCode.USAGE,
                        "USAGE: there is no fault code, gate or exit code '%s'".formatted(word),
                        "`viridian explain` lists the fault codes."));
        output.print(around, document, () -> text(document));
        return ExitCode.OK.number();
    }

    private void list() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode codes = document.putArray("codes");
        TextTable table = TextTable.of("CODE", ">EXIT", "WHAT TO DO");
        for (FaultCode known : FaultCode.values()) {
            codes.add(described(known));
            table.row(known.name(), Integer.toString(known.exitCode()), known.remedy());
        }
        output.print(around, document, table::text);
    }

    private static Optional<ObjectNode> fault(String word) {
        return ProblemText.faultCode(word.toUpperCase(Locale.ROOT).replace('-', '_'))
                .map(ExplainVerb::described);
    }

    private static Optional<ObjectNode> gate(String word) {
        return GateText.meaning(word)
                .map(meaning -> JsonNodeFactory.instance
                        .objectNode()
                        .put("gate", word)
                        .put("meaning", meaning)
                        .put("fix", "`viridian gates --explain %s` shows its value and limit now.".formatted(word)));
    }

    private static Optional<ObjectNode> exit(String word) {
        return word.matches("\\d{1,3}")
                ? ExitCode.of(Integer.parseInt(word))
                        .map(exit -> JsonNodeFactory.instance
                                .objectNode()
                                .put("exit", exit.number())
                                .put("meaning", exit.meaning()))
                : Optional.empty();
    }

    private static ObjectNode described(FaultCode known) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("code", known.name())
                .put("exit", known.exitCode())
                .put("retry", known.retry().name().toLowerCase(Locale.ROOT))
                .put("meaning", retrying(known))
                .put("fix", known.remedy());
    }

    private static String retrying(FaultCode known) {
        return switch (known.retry()) {
            case AUTOMATIC -> "The daemon tries again by itself, with growing pauses.";
            case AFTER_MENDING -> "Nothing goes on here until somebody has changed something.";
            case NEVER -> "Trying again cannot help.";
        };
    }

    private static String text(ObjectNode document) {
        StringBuilder text = new StringBuilder();
        if (document.has("code")) {
            text.append(document.path("code").asText())
                    .append("  exit code ")
                    .append(document.path("exit").asInt());
        } else {
            text.append(
                    document.has("gate")
                            ? document.path("gate").asText()
                            : "exit code " + document.path("exit").asInt());
        }
        text.append('\n').append(document.path("meaning").asText()).append('\n');
        if (document.has("fix")) {
            text.append("Next: ").append(document.path("fix").asText()).append('\n');
        }
        return text.toString();
    }
}
