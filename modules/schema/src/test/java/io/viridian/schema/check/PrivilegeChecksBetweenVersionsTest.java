package io.viridian.schema.check;

import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** The same between the versions that the quick run leaves out. */
@Tag("chaos")
@ParameterizedClass
@CsvSource({"15, 17", "16, 18", "18, 18"})
final class PrivilegeChecksBetweenVersionsTest extends PrivilegeChecksTest {

    PrivilegeChecksBetweenVersionsTest(int blueMajor, int greenMajor) throws SQLException {
        super(blueMajor, greenMajor);
    }
}
