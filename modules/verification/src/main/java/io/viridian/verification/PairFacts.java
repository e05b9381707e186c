package io.viridian.verification;

import io.viridian.plan.Plan;
import io.viridian.plan.Route;
import io.viridian.plan.SourceColumn;
import io.viridian.plan.TableName;
import io.viridian.plan.TargetColumn;
import io.viridian.plan.TypeName;
import io.viridian.time.Deadline;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Both servers of a verification, and how rows are hashed so that both agree. */
record PairFacts(ServerFacts source, ServerFacts target, Canonical canonical) {
    static PairFacts read(SessionPair sessions, Collection<Compared> all, HashTier strongest, Deadline by)
            throws InterruptedException {
        Set<TypeName> types = new HashSet<>();
        for (Compared one : all) {
            one.columns().stream().map(TargetColumn::type).forEach(types::add);
        }
        for (Route route : all.stream().flatMap(one -> one.routes().stream()).toList()) {
            route.sourceColumns().stream()
                    .filter(column -> route.sourceKey().contains(column.name()))
                    .map(SourceColumn::type)
                    .forEach(types::add);
        }
        types.removeIf(TypeName::isBuiltIn);
        List<TableName> sources =
                all.stream().flatMap(one -> one.sources().stream()).distinct().toList();
        List<TableName> targets = all.stream().map(Compared::target).toList();
        SessionPair.Both<ServerFacts> facts = sessions.ask(
                "looking at both servers",
                session -> ServerFacts.read(session, sources, types),
                session -> ServerFacts.read(session, targets, types),
                by);
        return new PairFacts(
                facts.source(), facts.target(), Canonical.agreedOn(facts.source(), facts.target(), strongest));
    }

    RouteImages images(Plan plan, Route route) {
        return new RouteImages(plan, route, source, target);
    }

    ImageQueries queries(Image image) {
        return new ImageQueries(image, canonical);
    }
}
