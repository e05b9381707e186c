package io.viridian.tidy.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WrapCommentsTest {
    /** With any of the beginnings below, the last word that fits on a line of 120. */
    private static final String LONG = "x".repeat(110);

    @TempDir
    Path folder;

    @Test
    void movesTheEndOfALongLineToTheNextOfItsParagraph() throws Exception {
        assertThat(wrapped("     * " + LONG + " goes on\n     * here.\n     *\n     * Other.\n"))
                .isEqualTo("     * " + LONG + "\n     * goes on here.\n     *\n     * Other.\n");
    }

    @Test
    void opensALineOfItsOwnWhereTheParagraphEndsOrATagBegins() throws Exception {
        assertThat(wrapped("    // " + LONG + " goes on\n    int x;\n     * " + LONG + " goes on\n     * @return it\n"))
                .isEqualTo("    // " + LONG + "\n    // goes on\n    int x;\n     * " + LONG
                        + "\n     * goes on\n     * @return it\n");
    }

    @Test
    void setsInWhatBelongsToATag() throws Exception {
        assertThat(wrapped(" * @throws " + LONG + " goes on\n *     here\n"))
                .isEqualTo(" * @throws\n *     " + LONG + "\n *     goes on here\n");
    }

    @Test
    void makesABlockOfALongSingleLine() throws Exception {
        assertThat(wrapped("    /** " + LONG + " goes. */\n"))
                .isEqualTo("    /**\n     * " + LONG + "\n     * goes.\n     */\n");
    }

    @Test
    void leavesLinksCodeAndLinesThatFitAlone() throws Exception {
        String text =
                " * https://example.org/" + LONG + " goes on\nString s = \"" + LONG + " goes on\";\n * it\n * fits\n";
        assertThat(wrapped(text)).isEqualTo(text);
    }

    private String wrapped(String text) throws Exception {
        Path file = Script.write(folder.resolve("Snippet.java"), text);
        return Script.run(folder, Map.of(), "awk", "-f", "scripts/wrap-comments.awk", file.toString())
                .said();
    }
}
