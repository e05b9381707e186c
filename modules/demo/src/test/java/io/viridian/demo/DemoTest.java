package io.viridian.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class DemoTest {

    @Test
    void endsWellWhenNothingIsLostDoubledInventedOrLeftBehind() throws Exception {
        SmallDemo demo = new SmallDemo();
        int exit = demo.run("demo_well", Demo.Mischief.NONE);
        assertThat(demo.printed())
                .containsPattern("ledger: acknowledged [1-9][0-9]*, lost 0, doubled 0, invented 0\n")
                .contains("nothing of Viridian is left on either server")
                .containsPattern("second cutover +[0-9,]+ ms")
                .doesNotContain("left behind");
        assertThat(exit).as(demo.printed()).isZero();
    }
}
