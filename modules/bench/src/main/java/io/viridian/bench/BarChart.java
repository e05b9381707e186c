package io.viridian.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Horizontal bars with their values and the spread of their rounds, as SVG. */
final class BarChart {
    private static final int WIDTH = 760;
    private static final int LABELS = 360;
    private static final int VALUES = 110;
    private static final int ROW = 30;
    private static final int BAR = 16;
    private static final int TOP = 46;
    private static final String OURS = "#2a8f7a";
    private static final String OTHERS = "#9aa5b1";

    private final String title;
    private final List<Bar> bars = new ArrayList<>();

    BarChart(String title) {
        this.title = title;
    }

    /**
     * One bar.
     *
     * @param shown the value as text
     * @param ours whether it is Viridian's
     */
    private record Bar(String label, Spread spread, String shown, boolean ours) {}

    BarChart bar(String label, Spread spread, String shown, boolean ours) {
        bars.add(new Bar(label, spread, shown, ours));
        return this;
    }

    String svg() {
        int height = TOP + bars.size() * ROW + 10;
        double most =
                bars.stream().mapToDouble(bar -> bar.spread().most()).max().orElse(0);
        double scale = most > 0 ? (WIDTH - LABELS - VALUES) / most : 0;
        StringBuilder svg = new StringBuilder("""
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" role="img"
                     font-family="sans-serif" font-size="13" fill="#1f2933">
                <title>%3$s</title>
                <rect width="%1$d" height="%2$d" fill="#ffffff"/>
                <text x="12" y="26" font-size="15" font-weight="bold">%3$s</text>
                """.formatted(WIDTH, height, escaped(title)));
        for (int row = 0; row < bars.size(); row++) {
            svg.append(drawn(bars.get(row), TOP + row * ROW, scale));
        }
        return svg.append("</svg>\n").toString();
    }

    private static String drawn(Bar bar, int top, double scale) {
        int baseline = top + BAR - 3;
        double middle = top + BAR / 2.0;
        double end = LABELS + bar.spread().median() * scale;
        double least = LABELS + bar.spread().least() * scale;
        double most = LABELS + bar.spread().most() * scale;
        return String.format(
                Locale.ROOT,
                """
                <text x="%d" y="%d" text-anchor="end">%s</text>
                <rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/>
                <path d="M %.1f %.1f H %.1f" stroke="#1f2933" stroke-width="1.5"/>
                <text x="%.1f" y="%d">%s</text>
                """,
                LABELS - 10,
                baseline,
                escaped(bar.label()),
                LABELS,
                top,
                end - LABELS,
                BAR,
                bar.ours() ? OURS : OTHERS,
                least,
                middle,
                most,
                Math.max(end, most) + 6,
                baseline,
                escaped(bar.shown()));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
