package io.viridian.daemon.engine;

import io.viridian.migration.Gate;
import io.viridian.plan.Direction;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Leads the writes back for an application that fares badly, when that loses nothing and its gates pass. */
final class BackByHealth implements HealthWatch.WayBack {
    private final Supplier<String> rollback;
    private final GateWatch gates;
    private volatile Consumer<String> asks = _ -> {};

    /**
     * Asks nobody yet.
     *
     * @param rollback what a rollback would be now, as the status tells it
     */
    BackByHealth(Supplier<String> rollback, GateWatch gates) {
        this.rollback = rollback;
        this.gates = gates;
    }

    /** From here on this asks for the rollback, with its reason. */
    void by(Consumer<String> ask) {
        asks = ask;
    }

    @Override
    public Optional<String> obstacle() throws InterruptedException {
        String now = rollback.get();
        if (!now.equals("lossless")) {
            return Optional.of("a rollback would be " + now);
        }
        List<Gate> read = gates.read(Direction.REVERSE, Optional.empty(), HealthWatch.NAME);
        return read.isEmpty()
                ? Optional.of("the gates of a rollback cannot be read")
                : read.stream()
                        .filter(gate -> !gate.letsPass())
                        .findFirst()
                        .map(gate -> "gate " + gate.id() + " is not passing: " + gate.value());
    }

    @Override
    public void ask(String reason) {
        asks.accept(reason);
    }
}
