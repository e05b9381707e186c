package io.viridian.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.proof.Verification.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class SurplusTest {
    private static RowDigest row(String key, long digest) {
        return new RowDigest(key, digest, -digest, 1);
    }

    @Test
    void equalRowsInAnyOrderLeaveNothing() {
        assertThat(Surplus.of(List.of(row("a", 1), row("b", 2)), List.of(row("b", 2), row("a", 1))))
                .isEmpty();
    }

    @Test
    void rowsMeetByTheirKey() {
        assertThat(Surplus.of(
                        List.of(row("same", 1), row("changed", 2), row("missing", 3)),
                        List.of(row("extra", 3), row("changed", 4), row("same", 1))))
                .containsExactlyInAnyOrder(
                        new Surplus.Found("changed", Kind.DIFFERENT, 1),
                        new Surplus.Found("missing", Kind.MISSING, 1),
                        new Surplus.Found("extra", Kind.EXTRA, 1));
    }

    @Test
    void aChangedSecondNumberAloneIsADifference() {
        assertThat(Surplus.of(List.of(new RowDigest("a", 1, 1, 1)), List.of(new RowDigest("a", 1, 2, 1))))
                .containsExactly(new Surplus.Found("a", Kind.DIFFERENT, 1));
    }

    @Test
    void duplicatesAreCounted() {
        assertThat(Surplus.of(List.of(new RowDigest("x", 1, 1, 5)), List.of(new RowDigest("x", 1, 1, 2))))
                .containsExactly(new Surplus.Found("x", Kind.MISSING, 3));
        assertThat(Surplus.of(List.of(row("x", 1)), List.of(row("x", 1), row("x", 1))))
                .containsExactly(new Surplus.Found("x", Kind.EXTRA, 1));
    }

    @Test
    void twoSourceRowsWithOneKeyMeetWhatTheyCan() {
        assertThat(Surplus.of(List.of(row("x", 1), row("x", 2)), List.of(row("x", 3))))
                .containsExactlyInAnyOrder(
                        new Surplus.Found("x", Kind.DIFFERENT, 1), new Surplus.Found("x", Kind.MISSING, 1));
    }

    @Test
    void valuesAreToldSoThatTheyCannotBeMistaken() {
        assertThat(Differences.told(null)).isEqualTo("NULL");
        assertThat(Differences.told("NULL")).isEqualTo("'NULL'");
        assertThat(Differences.told("")).isEqualTo("''");
        assertThat(Differences.told(" a")).isEqualTo("' a'");
        assertThat(Differences.told("a b")).isEqualTo("a b");
        assertThat(Differences.told("'a'")).isEqualTo("''a''");
    }
}
