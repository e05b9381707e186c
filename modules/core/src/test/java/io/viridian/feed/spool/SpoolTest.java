package io.viridian.feed.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolTest {
    private static final byte KIND = 'I';

    @TempDir
    Path directory;

    private static byte[] record(int seed, int length) {
        byte[] content = new byte[length];
        new Random(seed).nextBytes(content);
        return content;
    }

    private static List<byte[]> read(Spool spool) {
        List<byte[]> found = new ArrayList<>();
        Spool.Reader reader = spool.read();
        for (ByteBuffer record = reader.next(); record != null; record = reader.next()) {
            assertThat(record.get()).isEqualTo(KIND);
            byte[] content = new byte[record.remaining()];
            record.get(content);
            found.add(content);
        }
        assertThat(reader.position()).isEqualTo(spool.end());
        return found;
    }

    private static boolean same(List<byte[]> one, List<byte[]> other) {
        return one.size() == other.size()
                && Stream.iterate(0, i -> i + 1)
                        .limit(one.size())
                        .allMatch(i -> Arrays.equals(one.get(i), other.get(i)));
    }

    /** Written, cut off and written again at random, with room for so many blocks in memory. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 1_000})
    void whatWasNotCutOffComesBackInItsOrder(int blocks) {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            SpoolSpace space = new SpoolSpace(directory, (long) blocks * SpoolSpace.BLOCK);
            List<byte[]> expected = new ArrayList<>();
            List<Long> begins = new ArrayList<>();
            try (Spool spool = space.open()) {
                for (int step = 0; step < 60; step++) {
                    if (random.nextInt(8) == 0 && !begins.isEmpty()) {
                        int keep = random.nextInt(begins.size() + 1);
                        spool.cut(keep == begins.size() ? spool.end() : begins.get(keep));
                        expected.subList(keep, expected.size()).clear();
                        begins.subList(keep, begins.size()).clear();
                    } else {
                        int length = random.nextInt(10) == 0 ? random.nextInt(200_000) : random.nextInt(20_000);
                        byte[] content = record(random.nextInt(), length);
                        begins.add(spool.end());
                        spool.add(KIND, ByteBuffer.wrap(content));
                        expected.add(content);
                    }
                    assertThat(space.bytes() - space.bytesOnDisk())
                            .isLessThanOrEqualTo((long) Math.max(blocks, 1) * SpoolSpace.BLOCK);
                }
                assertThat(same(read(spool), expected)).as("seed " + seed).isTrue();
            }
            assertThat(space.bytes()).isZero();
        }
    }

    @Test
    void aCutAtTheEdgeOfABlockLeavesTheBlockBeforeItWhole() {
        SpoolSpace space = new SpoolSpace(directory, 10L * SpoolSpace.BLOCK);
        try (Spool spool = space.open()) {
            byte[] block = record(1, SpoolSpace.BLOCK - Integer.BYTES - 1);
            spool.add(KIND, ByteBuffer.wrap(block));
            long edge = spool.end();
            assertThat(edge).isEqualTo(SpoolSpace.BLOCK);
            spool.add(KIND, ByteBuffer.wrap(record(2, 10)));
            spool.cut(edge);
            spool.add(KIND, ByteBuffer.wrap(record(3, 10)));
            assertThat(same(read(spool), List.of(block, record(3, 10)))).isTrue();
        }
    }

    @Test
    void leavesNoFileBehindEvenWhenItIsNeverClosed() throws Exception {
        Path spools = directory.resolve("not/there/yet");
        SpoolSpace space = new SpoolSpace(spools, 0);
        Spool spool = space.open();
        for (int i = 0; i < 100; i++) {
            spool.add(KIND, ByteBuffer.wrap(record(i, 10_000)));
        }
        assertThat(space.bytesOnDisk()).isGreaterThan(500_000);
        try (Stream<Path> files = Files.list(spools)) {
            assertThat(files).isEmpty();
        }
        assertThat(read(spool)).hasSize(100);
        spool.close();
        assertThat(space.bytesOnDisk()).isZero();
    }

    @Test
    void memoryOfOneIsGivenToTheOtherOnceItIsClosed() {
        SpoolSpace space = new SpoolSpace(directory, 4L * SpoolSpace.BLOCK);
        Spool first = space.open();
        first.add(KIND, ByteBuffer.wrap(record(1, 3 * SpoolSpace.BLOCK)));
        assertThat(space.bytesOnDisk()).isZero();
        try (Spool second = space.open()) {
            second.add(KIND, ByteBuffer.wrap(record(2, 3 * SpoolSpace.BLOCK)));
            assertThat(space.bytesOnDisk()).isPositive();
        }
        first.close();
        try (Spool third = space.open()) {
            third.add(KIND, ByteBuffer.wrap(record(3, 3 * SpoolSpace.BLOCK)));
            assertThat(space.bytesOnDisk()).isZero();
        }
    }

    @Test
    void refusesBeforeTheFileSystemIsFull() {
        long mebibyte = 1L << 20;
        SpoolSpace space = new SpoolSpace(directory, 0, _ -> new SpoolSpace.Room(60 * mebibyte, 1_000 * mebibyte));
        try (Spool spool = space.open()) {
            assertThatExceptionOfType(FaultException.class)
                    .isThrownBy(() -> spool.add(KIND, ByteBuffer.wrap(record(1, 300_000))))
                    .satisfies(refused -> {
                        assertThat(refused.code()).isEqualTo(FaultCode.SPOOL_FAILED);
                        assertThat(refused.fault().object()).isEqualTo(directory.toString());
                        assertThat(refused.fault().detail())
                                .isEqualTo("62,914,560 bytes are free, and spooling leaves the last 52,428,800 alone;"
                                        + " 0 bytes were spooled");
                    });
        }
    }

    @Test
    void namesADirectoryThatCannotBeMade() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        try (Spool spool = new SpoolSpace(file.resolve("spool"), 0).open()) {
            assertThatExceptionOfType(FaultException.class)
                    .isThrownBy(() -> spool.add(KIND, ByteBuffer.wrap(record(1, 300_000))))
                    .withMessageContaining("a file cannot be created")
                    .withMessageContaining(file.resolve("spool").toString());
        }
    }
}
