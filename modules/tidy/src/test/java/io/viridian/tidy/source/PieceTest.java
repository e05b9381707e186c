package io.viridian.tidy.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import org.junit.jupiter.api.Test;

class PieceTest {
    @Test
    void knowsACommentFromAStringThatLooksLikeOne() {
        assertThat(Piece.of("String url = \"http://x\"; // \"why\""))
                .extracting(Piece::kind, Piece::text)
                .containsExactly(tuple(Piece.Kind.STRING, "\"http://x\""), tuple(Piece.Kind.COMMENT, "// \"why\""));
    }

    @Test
    void isNotFooledByQuotesThatAreCharactersOrEscaped() {
        assertThat(Piece.of("char c = '\"'; char d = '\\''; String s = \"\\\"// no\"; // yes"))
                .filteredOn(Piece::isComment)
                .extracting(Piece::text)
                .containsExactly("// yes");
    }

    @Test
    void seesATextBlockAsOnePieceOverAllItsLines() {
        Piece block = Piece.of("int x;\nString s = \"\"\"\n    say \"hi\" \\\"\"\" // no\n    \"\"\"; // yes")
                .getFirst();
        assertThat(block.line()).isEqualTo(2);
        assertThat(block.lastLine()).isEqualTo(4);
    }

    @Test
    void readsALongTextBlockWithoutRunningOutOfStack() {
        assertThat(Piece.of("\"\"\"\n" + "a \"quoted\" \\n word\n".repeat(20_000) + "\"\"\""))
                .hasSize(1);
    }
}
