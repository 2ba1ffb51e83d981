package dev.sva4j.core.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.PhysicalMemory;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules of {@link MappedMemory}. */
class MappedMemoryTest extends PhysicalMemoryRules {
    private static final long GIB = 1L << 30;

    @TempDir
    private Path folder;

    @Override
    PhysicalMemory memory(List<MemoryRange> ranges) {
        try {
            long length = ranges.stream().mapToLong(MemoryRange::length).sum();
            return MappedMemory.map(file(length), ranges);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A sparse file. */
    private Path file(long length) throws IOException {
        Path file = Files.createTempFile(folder, "ram", null);
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(length);
        }
        return file;
    }

    @Test
    void two_mappings_of_a_file_see_each_others_stores() throws IOException {
        Path file = file(0x1000);
        MappedMemory here = MappedMemory.map(file, List.of(new MemoryRange(BASE, 0x1000)));
        MappedMemory there = MappedMemory.map(file, List.of(new MemoryRange(0, 0x1000)));

        here.storeRelease(BASE + 0x10, 0x0807_0605_0403_0201L);
        assertThat(there.loadAcquire(0x10)).isEqualTo(0x0807_0605_0403_0201L);
        assertThat(there.compareAndSet(0x10, 0x0807_0605_0403_0201L, 7)).isTrue();

        assertThat(here.loadAcquire(BASE + 0x10)).isEqualTo(7);
        assertThat(Files.readAllBytes(file)[0x10]).isEqualTo((byte) 7);
    }

    @Test
    void ranges_lie_in_the_file_one_after_the_other() throws IOException {
        Path file = file(0x3000);
        MappedMemory memory =
                MappedMemory.map(file, List.of(new MemoryRange(4 * GIB, 0x1000), new MemoryRange(0, 0x2000)));

        memory.store(4 * GIB + 8, 0x5a);
        memory.store(8, 0x3c);

        byte[] bytes = Files.readAllBytes(file);
        assertThat(bytes[0x2008]).isEqualTo((byte) 0x5a);
        assertThat(bytes[8]).isEqualTo((byte) 0x3c);
    }

    @Test
    void a_range_longer_than_a_window_is_seamless() throws IOException {
        MappedMemory memory =
                MappedMemory.map(file(2 * GIB + 0x1000), List.of(new MemoryRange(BASE, 2 * GIB + 0x1000)));
        byte[] bytes = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

        for (long seam : new long[] {BASE + GIB, BASE + 2 * GIB}) {
            memory.write(seam - 7, bytes, 0, 16);
            byte[] back = new byte[16];
            memory.read(seam - 7, back, 0, 16);
            assertThat(back).isEqualTo(bytes);
            assertThat(memory.load(seam)).isEqualTo(0x0f0e_0d0c_0b0a_0908L);
            memory.zero(seam - 8, 16);
            assertThat(memory.load(seam - 8) | memory.load(seam)).isZero();
        }
        assertThat(memory.ranges()).containsExactly(new MemoryRange(BASE, 2 * GIB + 0x1000));
    }

    @Test
    void memory_outlives_the_name_of_its_file() throws IOException {
        Path file = file(0x1000);
        MappedMemory memory = MappedMemory.map(file, List.of(new MemoryRange(BASE, 0x1000)));
        Files.delete(file);

        memory.store(BASE, 5);

        assertThat(memory.load(BASE)).isEqualTo(5);
    }

    @Test
    void a_file_that_is_too_short_is_refused_and_stays_as_long_as_it_is() throws IOException {
        Path file = file(0x1000);

        assertThatThrownBy(() -> MappedMemory.map(file, List.of(new MemoryRange(BASE, 0x1008))))
                .isInstanceOf(EOFException.class)
                .hasMessageContaining(file.toString());
        assertThat(Files.size(file)).isEqualTo(0x1000);
    }

    @Test
    void a_file_that_does_not_exist_is_refused_and_not_made() {
        Path file = folder.resolve("absent");

        assertThatThrownBy(() -> MappedMemory.map(file, List.of(new MemoryRange(BASE, 0x1000))))
                .isInstanceOf(IOException.class);
        assertThat(file).doesNotExist();
    }
}
