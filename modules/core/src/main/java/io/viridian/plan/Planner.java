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

/**
 * Binds a mapping to the catalogs of both sides: which rows travel where, through which expressions, named by which
 * key. Pure: the same request gives the same plan. What needs a server to decide (does the expression parse, is it
 * immutable, do values fit) is checked by the pre-flight checks instead.
 */
public final class Planner {
    private final PlanRequest request;
    private final List<Finding> findings = new ArrayList<>();
    private final List<Route> forward = new ArrayList<>();
    private final List<Route> reverse = new ArrayList<>();

    private Planner(PlanRequest request) {
        this.request = request;
    }

    public static Planned plan(PlanRequest request) {
        return new Planner(request).plan();
    }

    private Planned plan() {
        Map<TableName, List<Draft>> drafts = draftsBySource();
        for (TableShape table : request.tables()) {
            List<Draft> ofTable = drafts.getOrDefault(table.name(), List.of());
            if (ofTable.size() > 1) {
                findings.add(Finding.refused(
                        "mapping.not-yet",
                        table.name().toString(),
                        "one table into several targets (split) is not built yet: " + table.name() + " feeds "
                                + ofTable.stream()
                                        .map(draft -> draft.target().toString())
                                        .toList(),
                        ""));
            } else if (ofTable.size() == 1) {
                bind(table, ofTable.getFirst());
            } else if (!ignored(table.name())) {
                findings.add(Finding.refused(
                        "mapping.unmapped-table",
                        table.name().toString(),
                        "no rule reads " + table.name() + ", and it is neither listed under as-is nor under ignore",
                        "add a rule for it, or list it under as-is: or ignore: in the mapping"));
            }
        }
        refuseUnknownSources(drafts);
        refuseSharedTargets();
        List<SequencePair> sequences = new SequencePlanner(request, findings).pairs();
        String hash = PlanHash.of(request, forward);
        return new Planned(new Plan(request.migration(), forward, reverse, sequences, hash), findings);
    }

    private Map<TableName, List<Draft>> draftsBySource() {
        Map<TableName, List<Draft>> drafts = new LinkedHashMap<>();
        for (MappingSpec.Target target : request.mapping().targets()) {
            if (target.rules().size() > 1) {
                findings.add(Finding.refused(
                        "mapping.not-yet",
                        target.table().toString(),
                        "several rules for one target (merge) are not built yet: " + target.table() + " has "
                                + target.rules().size(),
                        ""));
            }
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
        Optional<TableShape> target = targetShape(source, draft);
        if (target.isEmpty()) {
            return;
        }
        RouteBinder binder = new RouteBinder(findings);
        binder.forward(source, target.get(), draft).ifPresent(route -> {
            forward.add(route);
            if (request.reverse()) {
                binder.reverse(source, target.get(), draft, route).ifPresent(reverse::add);
            }
        });
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

    private void refuseSharedTargets() {
        Map<TableName, TableName> sources = new HashMap<>();
        for (Route route : forward) {
            TableName earlier = sources.put(route.target(), route.source());
            if (earlier != null) {
                findings.add(Finding.refused(
                        "mapping.not-yet",
                        route.target().toString(),
                        "several tables into one target (merge) are not built yet: " + earlier + " and "
                                + route.source() + " both feed " + route.target(),
                        ""));
            }
        }
    }
}
