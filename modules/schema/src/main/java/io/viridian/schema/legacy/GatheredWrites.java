package io.viridian.schema.legacy;

import io.viridian.plan.Route;
import io.viridian.plan.Sql;
import io.viridian.plan.TargetColumn;
import java.util.List;
import java.util.stream.Collectors;

/** What a trigger writes where one row of the old schema is many on green. Immutable. */
final class GatheredWrites {
    private final LegacyRows.Way way;
    private final Route there;

    GatheredWrites(LegacyRows.Way way) {
        this.way = way;
        this.there = way.there();
    }

    /** What finds all rows of the old row, whatever they are by now. */
    String owner() {
        return there.groupColumns().stream()
                        .map(column -> column.storedExpression() + " as " + Sql.identifier(column.name()))
                        .collect(Collectors.joining(", ", "select ", " from (select old.*) as "))
                + Sql.identifier(there.alias());
    }

    /** Only where the application changed what they are made of: what the old schema cannot tell of them stays. */
    String written() {
        return """
                if tg_op = 'INSERT' or (%s) is distinct from (%s) then
                    if tg_op = 'UPDATE' then
                        delete from %s as t using (%s) as o where %s
                            and not exists (select from (%s) as n where %s);
                    end if;
                    insert into %s (%s) overriding system value select %s from (%s) as n%s;
                end if;
                """.formatted(
                        asOne("old"),
                        asOne("new"),
                        there.target().sql(),
                        owner(),
                        same(there.groupColumns(), "o"),
                        way.made("new"),
                        same(there.keyColumns(), "n"),
                        there.target().sql(),
                        Sql.identifiers(there.targetColumnNames()),
                        there.targetColumnNames().stream()
                                .map(name -> "n." + Sql.identifier(name))
                                .collect(Collectors.joining(", ")),
                        way.made("new"),
                        onConflict());
    }

    private String asOne(String record) {
        return "select array_agg(r::text order by r::text) from (" + way.made(record) + ") as r";
    }

    private String onConflict() {
        String set = there.settableColumns().stream()
                .map(column -> Sql.identifier(column.name()) + " = excluded." + Sql.identifier(column.name()))
                .collect(Collectors.joining(", "));
        return " on conflict (" + Sql.identifiers(there.targetKey()) + ") do "
                + (set.isEmpty() ? "nothing" : "update set " + set);
    }

    private static String same(List<TargetColumn> columns, String with) {
        return columns.stream()
                .map(column -> Sql.identifier(column.name()))
                .map(name -> "t." + name + " = " + with + "." + name)
                .collect(Collectors.joining(" and "));
    }
}
