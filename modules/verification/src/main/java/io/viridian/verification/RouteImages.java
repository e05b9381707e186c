package io.viridian.verification;

import io.viridian.plan.Direction;
import io.viridian.plan.ExpressionScan;
import io.viridian.plan.Plan;
import io.viridian.plan.Route;
import io.viridian.plan.SourceColumn;
import io.viridian.plan.Sql;
import io.viridian.plan.TargetColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The two images of one route: what the mapping makes of the source, and what the target holds.
 *
 * <p>When the way forward is filtered, rows of blue that its filter leaves out have no source on the way back and never
 * had one: they are left out on the target, and on the source too where the filter can be told from the columns that
 * travel.
 */
final class RouteImages implements KeyedImages {
    private final Route route;
    private final Optional<Route> filteredOpposite;
    private final ServerFacts source;
    private final ServerFacts target;
    private final List<Image.Column> columns = new ArrayList<>();

    RouteImages(Plan plan, Route route, ServerFacts source, ServerFacts target) {
        this.route = route;
        this.source = source;
        this.target = target;
        this.filteredOpposite = route.direction() == Direction.FORWARD
                ? Optional.empty()
                : plan.forward().stream()
                        .filter(other -> other.source().equals(route.target()))
                        .filter(other -> other.target().equals(route.source()))
                        .filter(other -> other.filter().isPresent())
                        .findFirst();
        for (TargetColumn column : route.columns()) {
            columns.add(new Image.Column(columns.size(), column.name(), column.type()));
        }
    }

    Image source() {
        return image(sourceSql(""));
    }

    /** The images of several routes into one target as one. */
    static Image together(List<Image> images) {
        Image first = images.getFirst();
        return new Image(
                images.stream().map(Image::sql).collect(Collectors.joining("\nunion all\n")),
                first.columns(),
                first.key());
    }

    /** What the target of all these routes holds: of rows that no opposite route takes none has a source. */
    static Image targetOf(List<RouteImages> routes) {
        RouteImages first = routes.getFirst();
        if (routes.size() == 1) {
            return first.target();
        }
        boolean filtered = routes.stream().allMatch(one -> one.filteredOpposite.isPresent());
        String taken = routes.stream()
                .flatMap(one -> one.filteredOpposite.stream())
                .map(opposite -> "(select (" + opposite.filter().orElseThrow() + "\n) from (select t.*) as "
                        + Sql.identifier(opposite.alias()) + ")")
                .collect(Collectors.joining(" or "));
        return first.image("select " + first.targetList("t") + " from " + first.target.relation(first.route.target())
                + " as t" + (filtered ? " where " + taken : ""));
    }

    Image target() {
        return image(targetSql(""));
    }

    /** Only the rows with these source keys. */
    @Override
    public Image source(KeyBatch keys) {
        if (gathers()) {
            return image(sourceSql(" join (" + expected(keys, source) + ") as viridian_expected on "
                    + sameAsExpected(column -> source.stored(column))));
        }
        String alias = Sql.identifier(route.alias());
        String condition = sourceKeyColumns().stream()
                .map(column -> alias + "." + Sql.identifier(column.name()) + " = "
                        + source.cast(keyOf(keys, column), column.type()))
                .collect(Collectors.joining(" and "));
        return image(sourceSql(" join " + keys.relation() + " on " + condition));
    }

    /**
     * Only the rows with the keys that the mapping makes of these source keys, whether or not the source has them; of
     * keys that tell by themselves that the filter leaves them behind it makes none.
     */
    @Override
    public Image target(KeyBatch keys) {
        return image(targetSql(" join (" + expected(keys, target) + ") as viridian_expected on "
                + sameAsExpected(column -> targetAlias() + "." + Sql.identifier(column.name()))));
    }

    private String sameAsExpected(Function<TargetColumn, String> value) {
        List<String> conditions = new ArrayList<>();
        for (TargetColumn column : route.groupColumns()) {
            conditions.add(value.apply(column) + " = viridian_expected.viridian_e" + conditions.size());
        }
        return String.join(" and ", conditions);
    }

    /** Whether many rows of the source are one of the target. */
    private boolean gathers() {
        return route.role() == Route.Role.GATHERED;
    }

    /** The target's keys that the mapping makes of these. */
    private String expected(KeyBatch keys, ServerFacts server) {
        String given = sourceKeyColumns().stream()
                .map(column -> server.cast(keyOf(keys, column), column.type()) + " as " + Sql.identifier(column.name()))
                .collect(Collectors.joining(", ", "select ", " from " + keys.relation()));
        List<String> expressions = new ArrayList<>();
        for (TargetColumn column : route.groupColumns()) {
            expressions.add(server.stored(column) + " as viridian_e" + expressions.size());
        }
        return "select distinct " + String.join(", ", expressions) + " from (" + given + ") as "
                + Sql.identifier(route.alias())
                + (filterReads(Set.copyOf(route.sourceKey())) ? where(route.filter()) : "");
    }

    private boolean filterReads(Set<String> atMost) {
        return route.filter()
                .filter(filter -> atMost.containsAll(ExpressionScan.reads(filter, route.alias(), names())))
                .isPresent();
    }

    private Set<String> names() {
        return Set.copyOf(route.from().columnNames());
    }

    /** A row that the filter leaves behind may have the key of one that it takes, unless keys are copied. */
    @Override
    public Optional<Image> sourceOfAllThatMeet(KeyBatch keys) {
        Set<String> copied = route.keyColumns().stream()
                .flatMap(column -> ExpressionScan.plainReference(column.expression(), route.alias(), names()).stream())
                .map(ExpressionScan.PlainReference::column)
                .collect(Collectors.toSet());
        if (route.filter().isEmpty() || route.expansion().isPresent() || copied.containsAll(route.sourceKey())) {
            return Optional.empty();
        }
        return Optional.of(image("select viridian_all.* from (" + sourceSql("") + ") as viridian_all join ("
                + expected(keys, source) + ") as viridian_expected on "
                + sameAsExpected(column -> "viridian_all." + key(column).sql())));
    }

    private Image.Column key(TargetColumn of) {
        return columns.stream()
                .filter(column -> column.name().equals(of.name()))
                .findFirst()
                .orElseThrow();
    }

    private String keyOf(KeyBatch keys, SourceColumn column) {
        return keys.column(route.sourceKey().indexOf(column.name()));
    }

    private List<SourceColumn> sourceKeyColumns() {
        return route.sourceKey().stream()
                .map(name -> route.sourceColumns().get(route.sourceIndex(name)))
                .toList();
    }

    private String sourceSql(String join) {
        List<String> names = filterTellsFromColumns()
                ? route.targetColumnNames().stream().map(Sql::identifier).toList()
                : columns.stream().map(Image.Column::sql).toList();
        List<String> list = new ArrayList<>();
        for (int index = 0; index < names.size(); index++) {
            TargetColumn column = route.columns().get(index);
            list.add(source.stored(column) + " as " + names.get(index));
        }
        String rows = "select " + String.join(", ", list) + " from " + source.relation(route.source()) + " as "
                + Sql.identifier(route.alias()) + join + route.lateral() + where(route.filter()) + route.grouping();
        return filterTellsFromColumns()
                ? "select " + targetList(targetAlias()) + " from (" + rows + ") as " + targetAlias()
                        + where(targetFilter())
                : rows;
    }

    private String targetSql(String join) {
        Optional<String> ours = targetFilter().or(route::owned);
        return "select " + targetList(targetAlias()) + " from " + target.relation(route.target()) + " as "
                + targetAlias() + join + where(ours);
    }

    private String targetList(String alias) {
        return columns.stream()
                .map(column -> alias + "." + Sql.identifier(column.name()) + " as " + column.sql())
                .collect(Collectors.joining(", "));
    }

    private boolean filterTellsFromColumns() {
        if (filteredOpposite.isEmpty()) {
            return false;
        }
        Route opposite = filteredOpposite.get();
        Set<String> all =
                opposite.sourceColumns().stream().map(SourceColumn::name).collect(Collectors.toSet());
        return route.targetColumnNames()
                .containsAll(ExpressionScan.reads(opposite.filter().orElseThrow(), opposite.alias(), all));
    }

    private String targetAlias() {
        return Sql.identifier(filteredOpposite.map(Route::alias).orElse("t"));
    }

    private Optional<String> targetFilter() {
        return filteredOpposite.flatMap(Route::filter);
    }

    /** The line break ends a comment that the author may have left at the end. */
    private static String where(Optional<String> filter) {
        return filter.map(condition -> " where (" + condition + "\n)").orElse("");
    }

    private Image image(String sql) {
        List<Image.Column> key = columns.stream()
                .filter(column -> route.targetKey().contains(column.name()))
                .toList();
        return new Image(route.besides() ? notEmpty(sql) : sql, columns, key);
    }

    /** Values beside the row's own that are none, or what is made of no rows, are the same as no row. */
    private String notEmpty(String sql) {
        List<Integer> values = new ArrayList<>();
        for (int index = 0; index < columns.size(); index++) {
            if (!route.targetKey().contains(columns.get(index).name())) {
                values.add(index);
            }
        }
        String none = values.stream()
                .map(index -> "viridian_part." + columns.get(index).sql() + " is null")
                .collect(Collectors.joining(" and "));
        String nothing = values.stream()
                .map(index -> "viridian_part." + columns.get(index).sql() + "::text is not distinct from (select "
                        + source.stored(route.columns().get(index)) + "::text from (" + route.noRows() + ") as "
                        + Sql.identifier(route.alias()) + ")")
                .collect(Collectors.joining(" and "));
        return "select viridian_part.* from (" + sql + ") as viridian_part where not (" + none + ")"
                + (gathers() ? " and not (" + nothing + ")" : "");
    }
}
