package io.viridian.schema.green;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PgDumpTest {
    @TempDir
    Path machine;

    @Test
    void takesTheOneNearestToGreenThatCanReadBlue() throws Exception {
        List<Path> places = List.of(installed("14"), installed("15"), installed("16"), installed("18"));
        assertThat(PgDump.find(places, 15, 17).version()).isEqualTo(16);
        assertThat(PgDump.find(places, 15, 18).version()).isEqualTo(18);
        assertThat(PgDump.find(places, 15, 15).version()).isEqualTo(15);
        assertThat(PgDump.find(places, 17, 17).version()).isEqualTo(18);
    }

    @Test
    void saysThatThereIsNoneAndWhereItLooked() {
        Path empty = machine.resolve("bin");
        assertThatThrownBy(() -> PgDump.find(List.of(empty), 15, 17))
                .isInstanceOfSatisfying(
                        FaultException.class,
                        failure -> assertThat(failure.code()).isEqualTo(FaultCode.SCHEMA_FAILED))
                .hasMessageContaining("no pg_dump was found; blue runs PostgreSQL 15")
                .hasMessageContaining("postgresql-client-15")
                .hasMessageContaining("looked in [" + empty + "]");
    }

    @Test
    void saysWhichVersionsAreThereWhenAllAreTooOld() throws IOException {
        Path old = installed("14");
        assertThatThrownBy(() -> PgDump.find(List.of(old), 16, 17))
                .hasMessageContaining("older than blue: [" + old.resolve("pg_dump") + " is version 14]")
                .hasMessageContaining("blue runs PostgreSQL 16");
    }

    @Test
    void passesByAProgramThatIsNoPgDump() throws Exception {
        List<Path> places = List.of(program("other", "#!/bin/sh\necho something else\n"), installed("15"));
        assertThat(PgDump.find(places, 15, 15).version()).isEqualTo(15);
    }

    private Path installed(String version) throws IOException {
        return program(version, "#!/bin/sh\necho 'pg_dump (PostgreSQL) " + version + ".4 (Debian)'\n");
    }

    private Path program(String name, String script) throws IOException {
        Path bin = Files.createDirectories(machine.resolve(name).resolve("bin"));
        Path program = Files.writeString(bin.resolve("pg_dump"), script);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return bin;
    }
}
