package io.viridian.schema.green;

import io.viridian.plan.Derivation;
import io.viridian.plan.SourceColumn;
import io.viridian.plan.Sql;
import io.viridian.postgres.Session;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * The tables beside green's own in which what derived targets are computed from is kept: blue's columns and key, and
 * nothing else. They go away with the migration.
 */
public final class MirrorTables {
    private static final String SCHEMA = Sql.identifier(Derivation.SCHEMA);

    private MirrorTables() {}

    /** Creates those that do not exist; asking again is safe. */
    public static void create(Session green, Collection<Derivation> derivations) {
        if (derivations.isEmpty()) {
            return;
        }
        green.transaction(() -> {
            green.execute("create schema if not exists " + SCHEMA);
            derivations.stream()
                    .flatMap(derivation -> derivation.mirrors().stream())
                    .map(MirrorTables::definition)
                    .distinct()
                    .forEach(green::execute);
        });
    }

    private static String definition(Derivation.Mirror mirror) {
        String columns =
                mirror.source().columns().stream().map(MirrorTables::column).collect(Collectors.joining(", "));
        return "create table if not exists " + mirror.table().sql() + " (" + columns + ", primary key ("
                + Sql.identifiers(mirror.source().key()) + "))";
    }

    private static String column(SourceColumn column) {
        return Sql.identifier(column.name()) + " " + column.type().sql();
    }

    /** Removes all of them with what they hold. */
    public static void remove(Session green) {
        green.execute("drop schema if exists " + SCHEMA + " cascade");
    }
}
