package io.viridian.cutover.traffic;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Side;
import io.viridian.time.Backoff;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All switchers, in the order of the configuration, and the probes that go where applications go. A switcher that fails
 * does not keep the others from working: half the routes are better than none, and the guard refuses whoever is led
 * astray.
 */
public final class Traffic {
    private static final Logger LOG = LoggerFactory.getLogger(Traffic.class);

    private final List<TrafficSwitcher> switchers;
    private final List<RouteProbe> probes;
    private final Backoff again;
    private final Runnable mayLead;
    private final Waiter waiter = new Waiter();

    /**
     * An ordered list of switchers, and probes in any order.
     *
     * @param again how often one call of {@link #perform} tries each switcher and each probe, and how long it waits in
     *     between; the conductor calls again anyway
     */
    public Traffic(List<TrafficSwitcher> switchers, List<RouteProbe> probes, Backoff again) {
        this(switchers, probes, again, () -> {});
    }

    private Traffic(List<TrafficSwitcher> switchers, List<RouteProbe> probes, Backoff again, Runnable mayLead) {
        this.switchers = List.copyOf(switchers);
        this.probes = List.copyOf(probes);
        this.again = again;
        this.mayLead = mayLead;
    }

    /**
     * The same for a daemon that another one may have replaced without its knowing: no pooler can compare an
     * epoch, so it is compared right before each is told.
     *
     * @param stillLeads throws a FaultException when this daemon leads no more
     */
    public Traffic onlyWhile(Runnable stillLeads) {
        return new Traffic(switchers, probes, again, stillLeads);
    }

    /** How many {@link #elsewhere} asks. */
    public int size() {
        return switchers.size() + probes.size();
    }

    /**
     * Leads the applications to the side, and returns when every switcher is observed to have worked and every probe
     * has come there.
     *
     * @throws FaultException with TRAFFIC_FAILED naming every switcher and every route that did not; the others are
     *     done
     */
    public void perform(Side to) throws InterruptedException {
        List<FaultException> failures = new ArrayList<>();
        for (TrafficSwitcher switcher : switchers) {
            failure(switcher, to).ifPresent(failures::add);
        }
        for (RouteProbe probe : probes) {
            astray(probe, to).ifPresent(failures::add);
        }
        if (failures.isEmpty()) {
            return;
        }
        String details = String.join(
                "; ", failures.stream().map(failure -> failure.fault().detail()).toList());
        FaultException all =
                Fault.about(FaultCode.TRAFFIC_FAILED, to.text(), details).asException(failures.getFirst());
        failures.stream().skip(1).forEach(all::addSuppressed);
        throw all;
    }

    /**
     * Makes ready to hold the applications.
     *
     * @param holds how long a hold may last before it ends by itself
     * @throws FaultException with TRAFFIC_FAILED; nothing is held then
     */
    public void makeReadyToHold(Duration holds) throws InterruptedException {
        for (TrafficSwitcher switcher : switchers) {
            switcher.makeReadyToHold(holds);
        }
    }

    /**
     * Has the applications wait where a switcher can do that.
     *
     * @param patience for all of them together
     * @throws FaultException with TRAFFIC_FAILED; {@link #release} then
     */
    public void hold(Deadline patience) {
        for (TrafficSwitcher switcher : switchers) {
            switcher.hold(patience.remaining());
        }
    }

    /** Lets go whoever is held. A switcher that fails is told of, and its own guard against that does it later. */
    public void release() {
        for (TrafficSwitcher switcher : switchers) {
            try {
                switcher.release();
            } catch (FaultException failure) {
                LOG.error("Applications may be held still: {}", failure.fault().sentence());
            }
        }
    }

    /** The names of the switchers that do not lead to the side now, and what is wrong with routes; changes nothing. */
    public List<String> elsewhere(Side side) throws InterruptedException {
        List<String> names = new ArrayList<>();
        for (TrafficSwitcher switcher : switchers) {
            if (!switcher.probe(side)) {
                names.add(switcher.name());
            }
        }
        for (RouteProbe probe : probes) {
            probe.astray(side).ifPresent(names::add);
        }
        return names;
    }

    private Optional<FaultException> failure(TrafficSwitcher switcher, Side to) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            FaultException failure;
            try {
                mayLead.run();
                switcher.perform(to);
                if (switcher.probe(to)) {
                    return Optional.empty();
                }
                failure = unobserved(switcher, to);
            } catch (FaultException told) {
                failure = told;
            }
            if (!again.mayTryAgainAfter(attempt)) {
                return Optional.of(failure);
            }
            waiter.await(again.waitAfter(attempt));
        }
    }

    private Optional<FaultException> astray(RouteProbe probe, Side to) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            Optional<String> astray = probe.astray(to);
            if (astray.isEmpty() || !again.mayTryAgainAfter(attempt)) {
                return astray.map(what -> Fault.about(FaultCode.TRAFFIC_FAILED, probe.name(), what)
                        .asException());
            }
            waiter.await(again.waitAfter(attempt));
        }
    }

    private static FaultException unobserved(TrafficSwitcher switcher, Side to) {
        return Fault.about(
                        FaultCode.TRAFFIC_FAILED,
                        switcher.name(),
                        switcher.name() + " did its work, but does not lead to " + to.text())
                .asException();
    }
}
