package io.viridian.replication.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.plan.Route;
import io.viridian.plan.RowIdentity;
import io.viridian.plan.TypeName;
import io.viridian.replication.apply.Layouts;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyOrderTest {
    private static Optional<KeyOrder> order(String type) {
        return KeyOrder.of(Layouts.route("t", type, new RowIdentity.Key(List.of("id")), Optional.empty())
                .from());
    }

    @Test
    void integersAreOrderedAsNumbers() {
        for (String type : new String[] {"int2", "int4", "int8"}) {
            KeyOrder order = order(type).orElseThrow();
            assertThat(order.compare(List.of("9"), List.of("10"))).isNegative();
            assertThat(order.compare(List.of("-10"), List.of("-9"))).isNegative();
            assertThat(order.compare(List.of("-1"), List.of("1"))).isNegative();
            assertThat(order.compare(List.of("7"), List.of("7"))).isZero();
        }
        KeyOrder oids = order("oid").orElseThrow();
        assertThat(oids.compare(List.of("4294967295"), List.of("1"))).isPositive();
    }

    @Test
    void uuidsAreOrderedAsTheirBytes() {
        KeyOrder order = order("uuid").orElseThrow();
        assertThat(order.compare(
                        List.of("9fffffff-0000-0000-0000-000000000000"),
                        List.of("a0000000-0000-0000-0000-000000000000")))
                .isNegative();
        assertThat(order.compare(
                        List.of("00000000-0000-0000-0000-0000000000ff"),
                        List.of("00000000-0000-0000-0000-000000000100")))
                .isNegative();
    }

    @Test
    void collatedAndForeignTypesAreNotOrderedHere() {
        for (String type : new String[] {"text", "varchar", "bpchar", "numeric", "timestamptz", "bytea", "float8"}) {
            assertThat(order(type)).as(type).isEmpty();
        }
        Route route = Layouts.route("t", "int4", new RowIdentity.Key(List.of("id")), Optional.empty());
        assertThat(new TypeName("public", "int4").isBuiltIn()).isFalse();
        assertThat(KeyOrder.of(route.from())).isPresent();
        assertThat(KeyOrder.of(Layouts.keyless("t").source())).isEmpty();
    }
}
