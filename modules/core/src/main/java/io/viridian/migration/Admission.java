package io.viridian.migration;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.plan.Direction;
import java.util.List;
import java.util.Optional;

/** Whether a switch may begin now: every gate passes, or is overridden, which is told. The conductor's thread. */
final class Admission {
    private final MigrationWork work;

    Admission(MigrationWork work) {
        this.work = work;
    }

    /**
     * Returns when the switch may begin.
     *
     * @param by who asked for it
     * @throws io.viridian.fault.FaultException with GATE_REFUSED for the first gate in the way, or when none can be
     *     read
     */
    void demand(Direction direction, Optional<Arming> terms, String by) throws InterruptedException {
        List<Gate> gates = work.gates(direction, terms, by);
        if (gates.isEmpty()) {
            throw Fault.about(
                            FaultCode.GATE_REFUSED,
                            "repl.healthy",
                            "no gate can be read, because there is no stream from "
                                    + direction.source().text() + "; a gate that cannot be read counts as failed")
                    .asException();
        }
        Optional<Gate> closed = gates.stream().filter(gate -> !gate.letsPass()).findFirst();
        if (closed.isPresent()) {
            throw refusal(closed.get());
        }
        gates.stream().filter(gate -> !gate.passing()).forEach(this::tell);
    }

    private static RuntimeException refusal(Gate gate) {
        return Fault.about(
                        FaultCode.GATE_REFUSED,
                        gate.id(),
                        "gate " + gate.id() + " is not passing: " + gate.value() + " (demanded: " + gate.limit() + "). "
                                + gate.hint())
                .asException();
    }

    private void tell(Gate gate) {
        work.tell(
                "gate.passed-by-override",
                "the switch begins although gate " + gate.id() + " is not passing: " + gate.value() + " (demanded: "
                        + gate.limit() + "); "
                        + gate.overridden().map(GateOverride::words).orElse(""));
    }
}
