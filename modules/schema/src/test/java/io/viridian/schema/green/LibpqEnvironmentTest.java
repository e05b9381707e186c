package io.viridian.schema.green;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.plan.Side;
import io.viridian.postgres.Endpoint;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LibpqEnvironmentTest {
    @Test
    void tellsThePlaceAndTheWayIn() {
        Endpoint endpoint = new Endpoint(
                Side.BLUE,
                "jdbc:postgresql://blue-1:5433,[::1],10.0.0.7/my%20shop?sslmode=verify-full",
                Map.of("user", "ann", "password", "s3cret", "sslrootcert", "/ca.pem", "targetServerType", "primary"));
        assertThat(LibpqEnvironment.of(endpoint))
                .containsEntry("PGHOST", "blue-1,::1,10.0.0.7")
                .containsEntry("PGPORT", "5433,5432,5432")
                .containsEntry("PGDATABASE", "my shop")
                .containsEntry("PGUSER", "ann")
                .containsEntry("PGPASSWORD", "s3cret")
                .containsEntry("PGSSLMODE", "verify-full")
                .containsEntry("PGSSLROOTCERT", "/ca.pem")
                .containsEntry("PGTARGETSESSIONATTRS", "read-write");
    }
}
