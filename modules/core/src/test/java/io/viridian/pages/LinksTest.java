package io.viridian.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who reads the runbook at night must not meet a page that is not there. */
final class LinksTest {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s#]+)[^)\\s]*\\)");
    private static final Pattern CODE = Pattern.compile("```.*?```", Pattern.DOTALL);

    @Test
    void everyLinkBetweenPagesLeadsSomewhere() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            List<Path> pages = Stream.concat(
                            docs, Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")))
                    .filter(page -> page.toString().endsWith(".md"))
                    .toList();
            assertThat(pages).hasSizeGreaterThan(20);
            assertThat(pages.stream().flatMap(LinksTest::broken)).isEmpty();
        }
    }

    private static Stream<String> broken(Path page) {
        try {
            String text = CODE.matcher(Files.readString(page)).replaceAll("");
            return LINK
                    .matcher(text)
                    .results()
                    .map((MatchResult link) -> link.group(1))
                    .filter(link -> !link.contains("://"))
                    .filter(link -> !Files.exists(page.resolveSibling(link)))
                    .map(link -> ROOT.relativize(page) + " -> " + link)
                    .toList()
                    .stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
