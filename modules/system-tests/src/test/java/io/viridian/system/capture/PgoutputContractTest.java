package io.viridian.system.capture;

import io.viridian.feed.CaptureLimits;
import io.viridian.feed.ChangeSource;
import io.viridian.feed.spool.SpoolSpace;
import io.viridian.postgres.Database;
import io.viridian.postgres.pgoutput.PgoutputSource;
import java.util.Set;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass(name = "version {0}")
@ValueSource(ints = {14, 18})
class PgoutputContractTest extends CaptureContract {
    @Parameter
    int major;

    @Override
    protected ChangeSource source(
            Database database, String slot, String publication, Set<String> ownOrigins, SpoolSpace space) {
        return new PgoutputSource(database, slot, publication, ownOrigins, space);
    }

    @Override
    protected CaptureLimits limits() {
        return CaptureLimits.none("pgoutput");
    }

    @Override
    protected int majorVersion() {
        return major;
    }
}
