package io.viridian.replication.apply;

import static io.viridian.feed.Tuple.UNCHANGED;
import static io.viridian.replication.apply.Layouts.delete;
import static io.viridian.replication.apply.Layouts.insert;
import static io.viridian.replication.apply.Layouts.key;
import static io.viridian.replication.apply.Layouts.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.RowIdentity;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How consecutive changes compose into what remains to be done per row. */
class SliceTest {
    private final SourceLayout layout = Layouts.keyed("t");
    private final Slice slice = new Slice();

    private void add(RowChange... changes) {
        for (RowChange change : changes) {
            assertThat(slice.fits(change)).isTrue();
            slice.add(change);
        }
    }

    private TableNet net() {
        return Objects.requireNonNull(slice.groups().iterator().next().nets().get(layout));
    }

    private String end(Object id) {
        TableNet.Occupant occupant = net().occupants().get(key(id));
        return occupant == null ? "nobody" : occupant.origin() + " " + occupant.row();
    }

    @Test
    void ofSeveralUpdatesTheLastCounts() {
        add(update(layout, 1, 1, 10, "a"), update(layout, 1, 1, 20, "b"));
        assertThat(end(1)).isEqualTo("[1] [1, 20, b]");
        assertThat(slice.changes()).hasSize(2);
    }

    @Test
    void valuesLeftAloneComeFromTheEarlierImage() {
        add(update(layout, 1, 1, 10, "a"), update(layout, 1, 1, 20, UNCHANGED));
        assertThat(end(1)).isEqualTo("[1] [1, 20, a]");
        add(update(layout, 2, 2, 10, UNCHANGED), update(layout, 2, 2, 20, UNCHANGED));
        assertThat(end(2)).isEqualTo("[2] [2, 20, <unchanged>]");
        assertThat(layout.routes()
                        .getFirst()
                        .missing(Objects.requireNonNull(net().occupants().get(key(2)))
                                .row()))
                .containsExactly("body");
        add(update(layout, 2, 2, 30, "now"));
        assertThat(end(2)).isEqualTo("[2] [2, 30, now]");
    }

    @Test
    void aRowInsertedAndDeletedLeavesNothing() {
        add(insert(layout, 1, 10, "a"), update(layout, 1, 1, 20, UNCHANGED), delete(layout, 1));
        assertThat(net().occupants()).isEmpty();
        assertThat(net().gone()).isEmpty();
    }

    @Test
    void aRowDeletedAndInsertedIsGoneAndNew() {
        add(delete(layout, 1), insert(layout, 1, 10, "new"));
        assertThat(net().gone()).containsOnlyKeys(key(1));
        assertThat(end(1)).isEqualTo("null [1, 10, new]");
        add(delete(layout, 1));
        assertThat(net().gone()).containsOnlyKeys(key(1));
        assertThat(net().occupants()).isEmpty();
    }

    @Test
    void aRowIsFollowedUnderItsNewKeys() {
        add(update(layout, 1, 2, 10, UNCHANGED), update(layout, 2, 3, 20, UNCHANGED), update(layout, 3, 3, 30, "b"));
        assertThat(end(3)).isEqualTo("[1] [3, 30, b]");
        assertThat(net().gone()).isEmpty();
        assertThat(net().occupants()).hasSize(1);
        add(delete(layout, 3));
        assertThat(net().gone()).containsOnlyKeys(key(1));
    }

    @Test
    void keysThatWentRoundKeepTheirRows() {
        add(
                update(layout, 1, -1, 10, UNCHANGED),
                update(layout, 2, 1, 20, UNCHANGED),
                update(layout, -1, 2, 10, UNCHANGED));
        assertThat(end(1)).isEqualTo("[2] [1, 20, <unchanged>]");
        assertThat(end(2)).isEqualTo("[1] [2, 10, <unchanged>]");
        assertThat(net().gone()).isEmpty();
    }

    @Test
    void aRowThatReturnsToItsKeyIsSimplyThere() {
        add(update(layout, 1, 2, 10, UNCHANGED), update(layout, 2, 1, 20, UNCHANGED));
        assertThat(end(1)).isEqualTo("[1] [1, 20, <unchanged>]");
        add(update(layout, 1, 1, 30, UNCHANGED), delete(layout, 1), insert(layout, 1, 40, "x"));
        assertThat(net().gone()).containsOnlyKeys(key(1));
        assertThat(end(1)).isEqualTo("null [1, 40, x]");
    }

    @Test
    void whatCannotHappenOnTheSourceIsAFault() {
        assertUnexpected(insert(layout, 1, 1, "a"), insert(layout, 1, 2, "b"));
        assertUnexpected(delete(layout, 1), update(layout, 1, 1, 2, "b"));
        assertUnexpected(delete(layout, 1), delete(layout, 1));
        assertUnexpected(update(layout, 1, 2, 1, "a"), update(layout, 1, 1, 2, "b"));
        assertUnexpected(insert(layout, 2, 1, "a"), update(layout, 1, 2, 2, "b"));
    }

    private static void assertUnexpected(RowChange first, RowChange second) {
        Slice impossible = new Slice();
        impossible.add(first);
        assertThatThrownBy(() -> impossible.add(second))
                .isInstanceOfSatisfying(
                        FaultException.class, fault -> assertThat(fault.code()).isEqualTo(FaultCode.STREAM_UNEXPECTED));
    }

    @Test
    void aTruncateStandsAlone() {
        RowChange.Truncate truncate = new RowChange.Truncate(layout);
        add(insert(layout, 1, 1, "a"));
        assertThat(slice.fits(truncate)).isFalse();
        Slice alone = new Slice();
        assertThat(alone.fits(truncate)).isTrue();
        alone.add(truncate);
        assertThat(alone.inOrderOnly()).isTrue();
        assertThat(alone.fits(insert(layout, 1, 1, "a"))).isFalse();
    }

    @Test
    void aKeyChangeUnderAFilterStandsAlone() {
        SourceLayout filtered = Layouts.layout(
                Layouts.route("t", "int4", new RowIdentity.FullWithKey(List.of("id")), Optional.of("v > 0")));
        add(insert(filtered, 1, 1, "a"));
        assertThat(slice.fits(update(filtered, 1, 1, 2, "a"))).isTrue();
        assertThat(slice.fits(update(filtered, 1, 2, 2, "a"))).isFalse();
    }

    @Test
    void rowsWithoutAKeyKeepTheirOrder() {
        SourceLayout keyless = Layouts.keyless("k");
        add(insert(keyless, 1, 1, "a"), delete(keyless, 1), insert(keyless, 1, 1, "a"));
        assertThat(slice.groups().iterator().next().unkeyed().get(keyless)).hasSize(3);
        assertThat(slice.groups().iterator().next().nets()).isEmpty();
    }

    @Test
    void aKeyWithoutItsValueIsAFaultAndNoKey() {
        assertThatThrownBy(() -> layout.key(Layouts.tuple(UNCHANGED, 1, "a")))
                .isInstanceOf(FaultException.class)
                .hasMessageContaining("carries no value for its key column id");
        assertThatThrownBy(() -> layout.key(Layouts.tuple(null, 1, "a"))).isInstanceOf(FaultException.class);
    }
}
