package io.viridian.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void theMedianOfAnOddNumberIsTheOneInTheMiddle() {
        assertThat(Spread.of(List.of(9.0, 1.0, 2.0))).isEqualTo(new Spread(2, 1, 9));
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
        assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 9.0))).isEqualTo(new Spread(3, 1, 9));
    }

    @Test
    void nothingHasNoMedian() {
        assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRatioComparesMediansAndSpreadsOverRounds() {
        assertThat(Spread.ofRatio(List.of(1.0, 2.0, 3.0), List.of(2.0, 2.0, 4.0)))
                .isEqualTo(new Spread(1, 0.5, 1));
    }

    @Test
    void aRatioWantsBothOfEveryRound() {
        assertThatThrownBy(() -> Spread.ofRatio(List.of(1.0), List.of(1.0, 2.0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rounds are missing");
    }

    @Test
    void aDifferenceIsTakenRoundByRound() {
        assertThat(Spread.ofDifference(List.of(5.0, 9.0), List.of(2.0, 3.0))).isEqualTo(new Spread(4.5, 3, 6));
    }
}
