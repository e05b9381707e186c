package io.viridian.daemon.http;

import io.viridian.daemon.GeneratedPage;
import io.viridian.migration.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HttpPageTest {
    @Test
    void theReferencePageHoldsEveryPathOperationAndProblem() {
        GeneratedPage.named("http.md")
                .mustBe(template()
                        .replace("{paths}", paths())
                        .replace("{operations}", operations())
                        .replace("{requests}", Integer.toString(Dispatcher.MOST_AT_ONCE))
                        .replace("{listeners}", Integer.toString(EventStream.MOST_LISTENERS))
                        .replace("{connections}", Integer.toString(Connections.MOST))
                        .replace("{problems}", problems()));
    }

    private static String template() {
        try (InputStream stream =
                Objects.requireNonNull(HttpPageTest.class.getResourceAsStream("http-page.md"), "http-page.md")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String paths() {
        return ApiDescription.read().summaries().entrySet().stream()
                .map(entry -> "| `%s` | %s |\n".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining());
    }

    private static String operations() {
        return Arrays.stream(Operation.Type.values())
                .map(type -> "| `%s` | %s | %s | %s |\n"
                        .formatted(
                                type.text(),
                                OperationRequest.parametersOf(type).stream()
                                        .map(name -> "`" + name + "`")
                                        .collect(Collectors.joining(" ")),
                                OperationAnswers.roleFor(type).text(),
                                OperationAnswers.needsVersion(type) ? "demanded" : "honoured"))
                .collect(Collectors.joining());
    }

    private static String problems() {
        return Arrays.stream(ProblemKind.values())
                .map(kind -> {
                    Problem problem = kind.with("");
                    return "| `%s` | %d | `%s` | %s. %s |\n"
                            .formatted(
                                    kind.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                                    problem.status(),
                                    problem.code(),
                                    problem.title(),
                                    problem.fix());
                })
                .collect(Collectors.joining());
    }
}
