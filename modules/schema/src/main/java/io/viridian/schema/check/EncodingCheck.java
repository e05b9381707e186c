package io.viridian.schema.check;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import java.util.List;

/** Green can hold every character of blue. */
final class EncodingCheck implements Check {
    @Override
    public String id() {
        return "encoding";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        String blue = encoding(context, Side.BLUE);
        String green = encoding(context, Side.GREEN);
        if (green.equals(blue) || green.equals("UTF8")) {
            return List.of();
        }
        return List.of(Finding.warning(
                "green.encoding",
                "green",
                "blue's database is " + blue + " and green's is " + green + "; a character that " + green
                        + " does not have stops the load",
                "create green's database with encoding 'UTF8'"));
    }

    private static String encoding(CheckContext context, Side side) {
        return context.on(side).query(session -> session.one("show server_encoding", row -> row.text(1)));
    }
}
