package io.viridian.cutover.gate;

import java.util.List;
import java.util.Optional;

/**
 * Every switcher answers and leads to the present owner, so it can be expected to lead elsewhere when told; and whoever
 * goes the way of the applications comes there and may write.
 */
final class TrafficReachable implements Check {
    @Override
    public String id() {
        return "traffic.reachable";
    }

    @Override
    public String firmBecause() {
        return "";
    }

    @Override
    public Optional<Observation> observe(Inquiry inquiry) throws InterruptedException {
        List<String> elsewhere = inquiry.parts().traffic().elsewhere(inquiry.source());
        int all = inquiry.parts().traffic().size();
        return Observation.of(
                elsewhere.isEmpty(),
                elsewhere.isEmpty()
                        ? all + " lead to " + inquiry.source().text()
                        : "not leading to " + inquiry.source().text() + ": " + String.join(", ", elsewhere),
                "all lead to " + inquiry.source().text(),
                "Mend the named switcher under cutover.traffic, or the named route under cutover.probe.");
    }
}
