package io.viridian.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {
    private final Table table =
            new Table("way", "seconds").row("native", "12.00").row("a | b", "7.50");

    @Test
    void alignsNumbersUnderEachOther() {
        assertThat(table.text().lines())
                .containsExactly("  way      seconds", "  native     12.00", "  a | b       7.50");
    }

    @Test
    void isMarkdownAsWell() {
        assertThat(table.markdown()).isEqualTo("""
                | way | seconds |
                |---|--:|
                | native | 12.00 |
                | a \\| b | 7.50 |
                """);
    }

    @Test
    void wantsACellForEveryHead() {
        assertThatThrownBy(() -> table.row("alone")).isInstanceOf(IllegalArgumentException.class);
    }
}
