package io.viridian.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class BarChartTest {
    @Test
    void barsAreAsLongAsTheirValues() throws Exception {
        Document svg = parsed(new BarChart("seconds")
                .bar("native", new Spread(10, 8, 12), "10.00", false)
                .bar("ours", new Spread(5, 5, 5), "5.00", true)
                .svg());
        NodeList bars = svg.getElementsByTagName("rect");
        // The first is the background.
        assertThat(IntStream.range(1, bars.getLength())
                        .mapToObj(bars::item)
                        .map(bar -> Double.parseDouble(((Element) bar).getAttribute("width"))))
                .hasSize(2)
                .satisfies(widths ->
                        assertThat(widths.getFirst() / widths.getLast()).isBetween(1.99, 2.01));
        assertThat(svg.getDocumentElement().getTextContent()).contains("native", "10.00", "ours", "5.00");
    }

    @Test
    void whatIsMarkupElsewhereIsTextHere() throws Exception {
        Document svg = parsed(new BarChart("p99 < 250 & \"more\"").svg());
        assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isEqualTo("p99 < 250 & \"more\"");
    }

    @Test
    void everyDrawingOfARunIsWellFormed() throws Exception {
        for (String svg : Charts.of(Measured.results()).values()) {
            assertThat(parsed(svg).getElementsByTagName("path").getLength()).isGreaterThanOrEqualTo(4);
        }
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }
}
