package io.viridian.verification;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/** The same faults between the versions that the quick run leaves out. */
@Tag("chaos")
class InjectedFaultsBetweenVersionsTest extends InjectedFaultsTest {

    @Override
    Map<TestPair, List<HashTier>> pairs() throws SQLException {
        Map<TestPair, List<HashTier>> chosen = new LinkedHashMap<>();
        chosen.put(TestPair.of(15, 17), List.of(HashTier.RECORD));
        chosen.put(TestPair.of(16, 18), List.of(HashTier.RECORD));
        return chosen;
    }
}
