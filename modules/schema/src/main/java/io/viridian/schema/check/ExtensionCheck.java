package io.viridian.schema.check;

import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.schema.green.SchemaOrigin;
import java.util.List;

/** When green's schema is to come from blue, green has the files of every extension blue uses. */
final class ExtensionCheck implements Check {
    private static final String USED = "select extname from pg_extension order by 1";

    private static final String MISSING =
            "select name from unnest(?::text[]) name where name not in (select name from pg_available_extensions)";

    @Override
    public String id() {
        return "extensions";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        if (!(context.schema() instanceof SchemaOrigin.Blue)) {
            return List.of();
        }
        String[] used = context.on(Side.BLUE)
                .query(session -> session.list(USED, row -> row.text(1)))
                .toArray(String[]::new);
        return context.on(Side.GREEN)
                .query(session -> session.list(
                        MISSING,
                        row -> Finding.refused(
                                "green.extension",
                                row.text(1),
                                "blue uses extension " + row.text(1) + ", which is not installed on green's machine",
                                "install the package that brings " + row.text(1)),
                        (Object) used));
    }
}
