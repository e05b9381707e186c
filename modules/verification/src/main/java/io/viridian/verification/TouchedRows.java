package io.viridian.verification;

import io.viridian.feed.Lane;
import io.viridian.plan.TableName;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The rows that a lane has touched, taken from it to be compared. Unless they are proven to be equal the lane gets them
 * back when this is closed, however that came about. One thread.
 */
final class TouchedRows implements AutoCloseable {
    private final Lane lane;
    private final Set<TableName> comparable;
    private Optional<Map<TableName, List<List<String>>>> taken = Optional.empty();

    /** @param comparable what can be compared by its keys; what is touched elsewhere stays so */
    TouchedRows(Lane lane, Collection<RowsOf> comparable) {
        this.lane = lane;
        this.comparable = comparable.stream().map(RowsOf::rememberedAs).collect(Collectors.toSet());
    }

    /** At the exact point of the comparison, where the lane stands still. */
    void take() {
        close();
        taken = lane.takeTouched();
        Map<TableName, List<List<String>>> others = new HashMap<>(taken.orElse(Map.of()));
        others.keySet().removeAll(comparable);
        lane.touch(others);
    }

    /** Whether the lane knew which rows it had touched. */
    boolean known() {
        return taken.isPresent();
    }

    List<List<String>> keysOf(RowsOf rows) {
        return taken.map(keys -> keys.getOrDefault(rows.rememberedAs(), List.of()))
                .orElse(List.of());
    }

    /** Both sides agree on all of them. */
    void proven() {
        taken = Optional.of(Map.of());
    }

    @Override
    public void close() {
        taken.ifPresent(lane::touch);
    }
}
