package io.viridian.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows of text under a heading, for terminals and for Markdown. The first column is aligned left, the others right. */
final class Table {
    private static final String GAP = "   ";

    private final List<String> head;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... head) {
        this.head = List.of(head);
    }

    Table row(String... cells) {
        if (cells.length != head.size()) {
            throw new IllegalArgumentException("%d cells under %d heads".formatted(cells.length, head.size()));
        }
        rows.add(List.of(cells));
        return this;
    }

    /** With columns of equal width. */
    String text() {
        List<List<String>> all = new ArrayList<>(rows);
        all.addFirst(head);
        int[] widths = IntStream.range(0, head.size())
                .map(column -> all.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return all.stream().map(row -> line(row, widths)).collect(Collectors.joining());
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder("  ");
        for (int column = 0; column < widths.length; column++) {
            String cell = row.get(column);
            String padding = " ".repeat(widths[column] - cell.length());
            line.append(column == 0 ? cell + padding : GAP + padding + cell);
        }
        return line.toString().stripTrailing() + "\n";
    }

    String markdown() {
        String rule = "|---|" + "--:|".repeat(head.size() - 1) + "\n";
        return markdown(head) + rule + rows.stream().map(Table::markdown).collect(Collectors.joining());
    }

    private static String markdown(List<String> row) {
        return row.stream()
                .map(cell -> cell.strip().replace("|", "\\|"))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
