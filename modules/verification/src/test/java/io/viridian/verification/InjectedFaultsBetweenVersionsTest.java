package io.viridian.verification;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Each fault in every way, and between the versions that the quick run leaves out. */
@Tag("chaos")
class InjectedFaultsBetweenVersionsTest extends InjectedFaultsTest {

    @Override
    List<Way> ways() throws SQLException {
        List<Way> ways = new ArrayList<>(super.ways());
        ways.add(new Way(TestPair.of(15, 17), HashTier.RECORD));
        ways.add(new Way(TestPair.of(16, 18), HashTier.RECORD));
        return ways;
    }

    @Override
    List<Way> waysFor(int fault, List<Way> all) {
        return all;
    }
}
