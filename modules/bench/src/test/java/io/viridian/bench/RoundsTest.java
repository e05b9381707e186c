package io.viridian.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RoundsTest {
    @Test
    void everyWayComesFirstInItsTurn() {
        List<Way> ways = List.of(Way.BARE, Way.NATIVE, Way.VIRIDIAN);
        assertThat(Rounds.turn(ways, 0)).containsExactly(Way.BARE, Way.NATIVE, Way.VIRIDIAN);
        assertThat(Rounds.turn(ways, 1)).containsExactly(Way.NATIVE, Way.VIRIDIAN, Way.BARE);
        assertThat(Rounds.turn(ways, 5)).containsExactly(Way.VIRIDIAN, Way.BARE, Way.NATIVE);
    }

    @Test
    void whatIsShownKeepsItsOrderWhoeverCameFirst() {
        Rounds rounds = new Rounds(List.of(Way.BARE, Way.NATIVE));
        rounds.add(Way.NATIVE, 2);
        rounds.add(Way.BARE, 1);
        rounds.add(Way.BARE, 3);
        assertThat(rounds.series())
                .containsExactly(
                        new Series("bare", Way.BARE.words(), List.of(1.0, 3.0)),
                        new Series("native", Way.NATIVE.words(), List.of(2.0)));
    }
}
