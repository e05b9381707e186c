package io.viridian.cutover.gate;

import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Plan;
import io.viridian.plan.Side;
import io.viridian.plan.TableName;
import io.viridian.postgres.Session;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/** One reading of all gates: the facts, and the servers to ask. A side that did not answer is not asked twice. */
final class Inquiry {
    private final GateParts parts;
    private final GateFacts facts;
    private final GateLimits limits;
    private final Map<Side, FaultException> silent = new EnumMap<>(Side.class);

    Inquiry(GateParts parts, GateFacts facts, GateLimits limits) {
        this.parts = parts;
        this.facts = facts;
        this.limits = limits;
    }

    GateFacts facts() {
        return facts;
    }

    GateParts parts() {
        return parts;
    }

    GateLimits limits() {
        return limits;
    }

    Plan plan() {
        return parts.plan();
    }

    /** The side that owns the writes now. */
    Side source() {
        return facts.direction().source();
    }

    Side target() {
        return facts.direction().target();
    }

    /** Mapped tables of a side, for {@code ?::text[]::regclass[]}. */
    String[] tables(Side side) {
        return parts.plan().tablesOn(side).stream().map(TableName::sql).toArray(String[]::new);
    }

    /** Asks a side; a query that takes long is ended by the server. */
    <T> T ask(Side side, Function<Session, T> question) {
        FaultException before = silent.get(side);
        if (before != null) {
            throw before;
        }
        try {
            return parts.on(side).transaction(session -> {
                session.execute("set local statement_timeout = '5s'");
                return question.apply(session);
            });
        } catch (FaultException failure) {
            if (failure.code() == FaultCode.BLUE_UNREACHABLE || failure.code() == FaultCode.GREEN_UNREACHABLE) {
                silent.put(side, failure);
            }
            throw failure;
        }
    }
}
