package io.viridian.schema.green;

import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** The same between the versions that the quick run leaves out. */
@Tag("chaos")
@ParameterizedClass
@CsvSource({"15, 17", "16, 18", "18, 18"})
final class DeferredObjectsBetweenVersionsTest extends DeferredObjectsTest {

    DeferredObjectsBetweenVersionsTest(int blueMajor, int greenMajor) throws SQLException, InterruptedException {
        super(blueMajor, greenMajor);
    }
}
