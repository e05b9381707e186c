package io.viridian.cutover.gate;

import io.viridian.plan.Direction;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The newest heartbeat that is applied is young; if it is not, whether it will be is told, too. */
final class LagSeconds implements Check {
    private final Map<Direction, LagTrend> trends = new EnumMap<>(Direction.class);

    @Override
    public String id() {
        return "lag.seconds";
    }

    @Override
    public String firmBecause() {
        return "";
    }

    @Override
    public Optional<Observation> observe(Inquiry inquiry) {
        Duration max = inquiry.limits().lagMax();
        Optional<Duration> lag = lag(inquiry);
        LagTrend trend = trends.computeIfAbsent(inquiry.facts().direction(), _ -> new LagTrend());
        trend.seen(inquiry.parts().clock().nanoTime(), lag);
        Optional<String> forecast = small(inquiry)
                ? Optional.empty()
                : trend.forecast(max, inquiry.source().text(), inquiry.target().text());
        return Observation.of(
                small(inquiry),
                lag.map(Words::duration).orElse("no heartbeat was applied yet"),
                "at most " + Words.duration(max),
                forecast.orElse("Let the stream catch up: less load on "
                        + inquiry.source().text() + ", or more time."));
    }

    static Optional<Duration> lag(Inquiry inquiry) {
        return inquiry.facts()
                .lane()
                .lastMarkerEmitted()
                .map(emitted -> Words.since(inquiry.parts().clock(), emitted));
    }

    static boolean small(Inquiry inquiry) {
        return lag(inquiry)
                .filter(lag -> lag.compareTo(inquiry.limits().lagMax()) <= 0)
                .isPresent();
    }
}
