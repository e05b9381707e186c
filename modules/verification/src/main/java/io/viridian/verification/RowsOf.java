package io.viridian.verification;

import io.viridian.plan.Derivation;
import io.viridian.plan.Plan;
import io.viridian.plan.Route;
import io.viridian.plan.TableName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Rows that a lane remembers by their keys, and what they are compared through. */
sealed interface RowsOf {
    /** What the lane remembers the keys under. */
    TableName rememberedAs();

    List<TableName> sources();

    TableName target();

    KeyedImages images(Plan plan, PairFacts facts);

    /** Rows of a source, by their keys there. */
    record OfRoute(Route route) implements RowsOf {
        @Override
        public TableName rememberedAs() {
            return route.source();
        }

        @Override
        public List<TableName> sources() {
            return List.of(route.source());
        }

        @Override
        public TableName target() {
            return route.target();
        }

        @Override
        public KeyedImages images(Plan plan, PairFacts facts) {
            return facts.images(plan, route);
        }
    }

    /** Rows of a derived target, by their keys there. */
    record OfDerivation(Derivation derivation) implements RowsOf {
        @Override
        public TableName rememberedAs() {
            return derivation.target();
        }

        @Override
        public List<TableName> sources() {
            return derivation.mirrors().stream()
                    .map(mirror -> mirror.source().name())
                    .toList();
        }

        @Override
        public TableName target() {
            return derivation.target();
        }

        @Override
        public KeyedImages images(Plan plan, PairFacts facts) {
            return new DerivedImages(derivation, facts.source(), facts.target());
        }
    }

    /** Everything in these that has keys. */
    static List<RowsOf> of(Collection<Compared> all) {
        List<RowsOf> rows = new ArrayList<>();
        for (Compared one : all) {
            one.routes().stream().filter(Route::keyed).map(OfRoute::new).forEach(rows::add);
            one.derivation().map(OfDerivation::new).ifPresent(rows::add);
        }
        return rows;
    }
}
