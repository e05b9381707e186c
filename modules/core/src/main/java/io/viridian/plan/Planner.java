package io.viridian.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Binds a mapping to the catalogs of both sides: which rows travel where, through which expressions, named by which
 * key. Pure: the same request gives the same plan. What needs a server to decide (does the expression parse, is it
 * immutable, do values fit) is checked by the pre-flight checks instead.
 */
public final class Planner {
    /** What {@code owns:} calls the row of the target. */
    private static final String OWNED_ROW = "t";

    private final PlanRequest request;
    private final List<Finding> findings = new ArrayList<>();
    private final List<Bound> bound = new ArrayList<>();

    private Planner(PlanRequest request) {
        this.request = request;
    }

    public static Planned plan(PlanRequest request) {
        return new Planner(request).plan();
    }

    private Planned plan() {
        Map<TableName, List<Draft>> drafts = draftsBySource();
        List<Derivation> derived = derivations();
        Set<TableName> mirrored = new HashSet<>();
        derived.forEach(one ->
                one.mirrors().forEach(mirror -> mirrored.add(mirror.source().name())));
        for (TableShape table : request.tables()) {
            List<Draft> ofTable = drafts.getOrDefault(table.name(), List.of());
            if (ofTable.isEmpty() && !ignored(table.name()) && !mirrored.contains(table.name())) {
                findings.add(Finding.refused(
                        "mapping.unmapped-table",
                        table.name().toString(),
                        "no rule reads " + table.name() + ", and it is neither listed under as-is nor under ignore",
                        "add a rule for it, or list it under as-is: or ignore: in the mapping"));
            }
            int boundBefore = bound.size();
            ofTable.forEach(draft -> bind(table, draft));
            noteUnmappedColumns(
                    table,
                    bound.subList(boundBefore, bound.size()).stream()
                            .map(Bound::route)
                            .toList());
        }
        refuseUnknownSources(drafts);
        List<Route> mapped = new TargetSharing(findings, declaredOwners())
                .settled(bound.stream().map(Bound::route).toList());
        List<Route> reverse = request.reverse() ? reverse(mapped) : List.of();
        if (request.reverse()) {
            refuseWhatNothingLeadsBack(mirrored, reverse);
        }
        List<Route> forward = new ArrayList<>(mapped);
        forward.addAll(DerivationBinder.mirrorRoutes(derived));
        List<SequencePair> sequences = new SequencePlanner(request, findings).pairs();
        String hash = PlanHash.of(request, forward, derived);
        Plan plan = new Plan(request.migration(), forward, reverse, derived, sequences, hash);
        plan.inversions().forEach(this::warnOfWhatIsLost);
        return new Planned(plan, findings);
    }

    private void warnOfWhatIsLost(Inversion inversion) {
        for (String column : new TreeSet<>(inversion.irreversible())) {
            String green = inversion.there().target() + "." + column;
            findings.add(Finding.warning(
                    "mapping.irreversible",
                    green,
                    green + " is computed from " + inversion.there().source()
                            + ", and nothing leads back what is written to it on green: a rollback loses that",
                    "read it in an expression under inverse:, or accept it; status counts such rows as lossy(n)"));
        }
    }

    private List<Derivation> derivations() {
        List<Derivation> derived = new ArrayList<>();
        DerivationBinder binder = new DerivationBinder(request, findings);
        for (MappingSpec.Target target : request.mapping().targets()) {
            target.derive().flatMap(derive -> binder.bind(target, derive)).ifPresent(derived::add);
        }
        return derived;
    }

    /** A rule that has become a route, with what it was made from. */
    private record Bound(TableShape source, TableShape target, Draft draft, Route route) {}

    /** What the author says about which rows of a target with several rules are whose. */
    private Map<Route, String> declaredOwners() {
        Map<TableName, List<Bound>> byTarget =
                bound.stream().collect(Collectors.groupingBy(one -> one.route().target()));
        Map<Route, String> owners = new HashMap<>();
        for (Bound one : bound) {
            Optional<String> owns = one.draft().owns();
            if (owns.isPresent()) {
                refuseOwning(one, owns.get(), byTarget.getOrDefault(one.route().target(), List.of(one)));
                owners.put(one.route(), "(" + owns.get() + "\n)");
            }
        }
        return owners;
    }

    private void refuseOwning(Bound one, String owns, List<Bound> together) {
        String target = one.route().target().toString();
        boolean allSay =
                together.stream().allMatch(other -> other.draft().owns().isPresent());
        if (together.size() == 1 || !allSay) {
            findings.add(Finding.refused(
                    "mapping.owns",
                    target,
                    "the rule from " + one.source().name() + " says which rows of " + target + " it owns, and "
                            + (together.size() == 1 ? "no other rule fills it" : "another rule of it does not"),
                    together.size() == 1 ? "remove owns:" : "say owns: in every rule of " + target + ", or in none"));
        }
        Set<String> unfed = new TreeSet<>(ExpressionScan.reads(owns, OWNED_ROW, RouteBinder.names(one.target())));
        unfed.removeAll(one.route().targetColumnNames());
        if (!unfed.isEmpty()) {
            findings.add(Finding.refused(
                    "mapping.owns",
                    target,
                    "owns: of the rule from " + one.source().name() + " reads " + unfed + " of " + target
                            + ", which the rule does not feed",
                    "read what every rule feeds"));
        }
    }

    /** The ways back of those routes, which are in the order of {@link #bound}. */
    private List<Route> reverse(List<Route> forward) {
        List<Route> reverse = new ArrayList<>();
        Map<Route, String> parts = new HashMap<>();
        Map<TableName, Set<String>> led = new HashMap<>();
        for (int index = 0; index < forward.size(); index++) {
            Bound one = bound.get(index);
            // The target of a rule that takes every row has the rows; those of the rules after it have more of them.
            Set<String> before = led.get(one.source().name());
            Optional<Route> back = new WayBackBinder(findings)
                    .reverse(one.source(), one.target(), one.draft(), forward.get(index), Optional.ofNullable(before));
            if (before != null || takesEveryRow(one)) {
                back.ifPresent(route -> led.computeIfAbsent(one.source().name(), _ -> new HashSet<>())
                        .addAll(route.targetColumnNames()));
            }
            back.ifPresent(reverse::add);
            one.draft()
                    .where()
                    .ifPresent(where -> back.ifPresent(route -> parts.put(
                            route,
                            "(select (" + where + "\n) from (select t.*) as "
                                    + Sql.identifier(one.draft().alias()) + ")")));
        }
        for (MappingSpec.Target target : request.mapping().targets()) {
            target.derive()
                    .ifPresent(derive -> derive.inverse()
                            .forEach(back -> derivedBack(target.table(), back).ifPresent(reverse::add)));
        }
        return new TargetSharing(findings, parts).settled(reverse);
    }

    private static boolean takesEveryRow(Bound one) {
        return one.draft().where().isEmpty() && one.draft().expand().isEmpty();
    }

    private Optional<Route> derivedBack(TableName target, MappingSpec.Back back) {
        Optional<TableShape> blue = request.tables().stream()
                .filter(table -> table.name().equals(back.into()))
                .findFirst();
        if (blue.isEmpty()) {
            findings.add(Finding.refused(
                    "mapping.unknown-source",
                    back.into().toString(),
                    "the inverse of " + target + " leads to " + back.into()
                            + ", which is not among blue's included tables",
                    "correct the name, or include the table"));
            return Optional.empty();
        }
        // Before green's schema is there nothing can be said about its columns.
        return request.green()
                .table(target)
                .flatMap(green -> new WayBackBinder(findings).reverse(green, blue.get(), back));
    }

    /** Rows that only queries read would be lost on the way back, if what is made of them is written on green. */
    private void refuseWhatNothingLeadsBack(Set<TableName> mirrored, List<Route> reverse) {
        Set<TableName> led = new HashSet<>();
        reverse.forEach(route -> led.add(route.target()));
        request.mapping()
                .targets()
                .forEach(target ->
                        target.derive().ifPresent(derive -> derive.inverse().forEach(back -> led.add(back.into()))));
        mirrored.stream()
                .filter(table -> !led.contains(table))
                .sorted()
                .forEach(table -> findings.add(Finding.refused(
                        "mapping.no-inverse",
                        table.toString(),
                        "nothing leads rows back to " + table + ", which only queries read",
                        "say under derive: inverse: how, or set reverse.enabled: false")));
    }

    private Map<TableName, List<Draft>> draftsBySource() {
        Map<TableName, List<Draft>> drafts = new LinkedHashMap<>();
        for (MappingSpec.Target target : request.mapping().targets()) {
            for (MappingSpec.Rule rule : target.rules()) {
                drafts.computeIfAbsent(rule.from(), _ -> new ArrayList<>()).add(Draft.of(target.table(), rule));
            }
        }
        for (TableShape table : request.tables()) {
            if (!drafts.containsKey(table.name()) && asIs(table.name()) && !ignored(table.name())) {
                drafts.put(table.name(), List.of(Draft.asItIs(table)));
            }
        }
        return drafts;
    }

    private boolean asIs(TableName table) {
        return request.mapping().asIs().stream().anyMatch(pattern -> pattern.matches(table));
    }

    private boolean ignored(TableName table) {
        return request.mapping().ignore().stream().anyMatch(pattern -> pattern.matches(table));
    }

    private void bind(TableShape source, Draft draft) {
        targetShape(source, draft)
                .ifPresent(target -> new RouteBinder(findings)
                        .forward(source, target, draft)
                        .ifPresent(route -> bound.add(new Bound(source, target, draft, route))));
    }

    private void noteUnmappedColumns(TableShape table, List<Route> routes) {
        if (routes.isEmpty()) {
            return;
        }
        Set<String> read = new HashSet<>();
        for (Route route : routes) {
            route.columns().forEach(column -> read.addAll(column.reads()));
            route.filter()
                    .ifPresent(
                            where -> read.addAll(ExpressionScan.reads(where, route.alias(), RouteBinder.names(table))));
        }
        for (ColumnShape column : table.columns()) {
            if (!read.contains(column.name()) && !column.generated()) {
                findings.add(Finding.warning(
                        "mapping.unmapped-column",
                        table.name() + "." + column.name(),
                        "no expression reads " + table.name() + "." + column.name() + "; its values stay on blue",
                        ""));
            }
        }
    }

    private Optional<TableShape> targetShape(TableShape source, Draft draft) {
        Optional<TableShape> found = request.green().table(draft.target());
        if (found.isPresent()) {
            return found;
        }
        if (!request.greenComplete()) {
            return Optional.of(draft.assumedShape(source));
        }
        findings.add(Finding.refused(
                "green.table-missing",
                draft.target().toString(),
                "green has no table " + draft.target() + ", which " + source.name() + " is mapped to",
                "create it on green, or let schema.from create it"));
        return Optional.empty();
    }

    private void refuseUnknownSources(Map<TableName, List<Draft>> drafts) {
        Set<TableName> known = new HashSet<>();
        request.tables().forEach(table -> known.add(table.name()));
        drafts.keySet().stream()
                .filter(name -> !known.contains(name))
                .sorted(Comparator.naturalOrder())
                .forEach(name -> findings.add(Finding.refused(
                        "mapping.unknown-source",
                        name.toString(),
                        "the mapping reads " + name + ", which is not among blue's included tables",
                        "correct the name, or include the table")));
    }
}
