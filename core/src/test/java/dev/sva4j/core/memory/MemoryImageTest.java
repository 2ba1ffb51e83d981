package dev.sva4j.core.memory;

import static dev.sva4j.core.memory.ElfBuilder.file;
import static dev.sva4j.core.memory.ElfBuilder.gzip;
import static dev.sva4j.core.memory.ElfBuilder.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.MemoryRange;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of {@link MemoryImage} for images that are in order. */
class MemoryImageTest {
    private static final long LOW = 0x1000;
    private static final long HIGH = 0x1_0000_0000L;

    @TempDir
    Path folder;

    private MemoryImage open(byte[] bytes) {
        return MemoryImage.open(file(folder, bytes));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_elf_core_answers_by_physical_address_plain_or_gzipped(boolean packed) {
        byte[] low = pattern(0x2000, 1);
        byte[] high = pattern(0x1000, 2);
        // The odd gaps misalign the contents, as QEMU's own dumps do.
        byte[] elf = new ElfBuilder()
                .note(new byte[20])
                .load(HIGH, high, high.length, high.length, 3)
                .load(LOW, low, low.length, low.length, 5)
                .build();
        MemoryImage image = open(packed ? gzip(elf) : elf);
        assertThat(image.format()).isEqualTo(packed ? "gzipped ELF core" : "ELF core");
        assertThat(image.ranges()).containsExactly(new MemoryRange(LOW, 0x2000), new MemoryRange(HIGH, 0x1000));
        assertThat(image.contains(LOW, 0x2000)).isTrue();
        assertThat(image.contains(LOW, 0x2001)).isFalse();
        assertSame(image, LOW, low);
        assertSame(image, HIGH, high);
    }

    @Test
    void a_raw_image_starts_at_address_0_unless_told_otherwise() {
        byte[] bytes = pattern(0x3000, 3);
        Path path = file(folder, bytes);
        assertSame(MemoryImage.open(path), 0, bytes);
        MemoryImage moved = MemoryImage.open(path, ImageOptions.defaults().withRawBase(HIGH));
        assertThat(moved.format()).isEqualTo("raw image");
        assertThat(moved.ranges()).containsExactly(new MemoryRange(HIGH, 0x3000));
        assertSame(moved, HIGH, bytes);
    }

    @Test
    void a_raw_base_overrides_what_the_contents_look_like() {
        byte[] elf = new ElfBuilder().load(HIGH, pattern(0x1000, 3)).build();
        MemoryImage image =
                MemoryImage.open(file(folder, elf), ImageOptions.defaults().withRawBase(0));
        assertThat(image.load(0) & 0xffff_ffffL).isEqualTo(0x464c457fL);
        assertThat(image.ranges()).containsExactly(new MemoryRange(0, elf.length));
    }

    /**
     * The window of an unpacked image is 64 KiB: pages and blocks that straddle windows, and zero windows, which are
     * shared.
     */
    @Test
    void an_unpacked_image_is_seamless_across_its_windows() {
        byte[] bytes = new byte[0x60000];
        System.arraycopy(pattern(0x20000, 5), 0, bytes, 0x8000, 0x20000);
        byte[] elf = new ElfBuilder()
                .load(HIGH, bytes, bytes.length, bytes.length, 5)
                .build();
        MemoryImage image = open(gzip(elf));
        assertSame(image, HIGH, bytes);
    }

    /** A plain image is mapped in windows of 1 GiB; the file is sparse. */
    @Test
    void a_plain_image_of_several_gib_is_seamless_across_its_windows() throws IOException {
        long gib = 1L << 30;
        Path path = folder.resolve("large");
        byte[] bytes = pattern(0x3000, 6);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(5 * gib / 2);
            for (long edge : new long[] {gib, 2 * gib}) {
                file.seek(edge - 0x1800);
                file.write(bytes);
            }
        }
        // A base off the page raster, so that pages straddle the windows.
        MemoryImage image = MemoryImage.open(path, ImageOptions.defaults().withRawBase(0x800));
        for (long edge : new long[] {gib, 2 * gib}) {
            assertSame(image, edge - 0x1000, bytes);
        }
        assertThat(image.load(5 * gib / 2 + 0x7f8)).isZero();
        assertThatThrownBy(() -> image.load(5 * gib / 2 + 0x800)).isInstanceOf(MemoryAbortException.class);
    }

    @Test
    void an_address_that_was_not_dumped_aborts_and_says_so() {
        MemoryImage image = open(new ElfBuilder()
                .load(LOW, pattern(0x1000, 1))
                .load(HIGH, pattern(0x1000, 2), 0x1000, 0x3000, 0)
                .build());
        for (long pa : new long[] {0, LOW - 8, LOW + 0x1000, HIGH - 8, HIGH + 0x1000, HIGH + 0x2ff8, -8}) {
            assertThatThrownBy(() -> image.load(pa))
                    .isInstanceOf(MemoryAbortException.class)
                    .hasMessageContaining("not in dump")
                    .hasMessageContaining(Long.toHexString(pa));
            assertThatThrownBy(() -> image.loadAcquire(pa)).isInstanceOf(MemoryAbortException.class);
        }
        byte[] block = new byte[16];
        assertThatThrownBy(() -> image.read(LOW + 0xff8, block, 0, 16))
                .isInstanceOfSatisfying(
                        MemoryAbortException.class, e -> assertThat(e.address()).isEqualTo(LOW + 0x1000));
    }

    @Test
    void segments_need_no_alignment_and_may_meet_within_a_word() {
        byte[] bytes = pattern(0x1800, 4);
        MemoryImage image = open(new ElfBuilder()
                .load(LOW + 0x803, Arrays.copyOfRange(bytes, 0x803, 0x1800))
                .load(LOW + 0x7fc, Arrays.copyOfRange(bytes, 0x7fc, 0x803))
                .build());
        assertThat(image.ranges()).containsExactly(new MemoryRange(LOW + 0x7fc, 0x1800 - 0x7fc));
        assertThat(image.load(LOW + 0x800)).isEqualTo(word(bytes, 0x800));
        assertThatThrownBy(() -> image.load(LOW + 0x7f8)).isInstanceOf(MemoryAbortException.class);
        byte[] back = new byte[0x1800 - 0x7fc];
        image.read(LOW + 0x7fc, back, 0, back.length);
        assertThat(back).isEqualTo(Arrays.copyOfRange(bytes, 0x7fc, 0x1800));
    }

    @Test
    void every_store_aborts_because_an_image_is_read_only() {
        MemoryImage image = open(pattern(0x1000, 1));
        Runnable[] stores = {
            () -> image.store(0, 1),
            () -> image.storeRelease(0, 1),
            () -> image.store32(0, 1),
            () -> image.compareAndSet(0, 0, 1),
            () -> image.write(0, new byte[1], 0, 1),
            () -> image.zero(0, 8)
        };
        for (Runnable store : stores) {
            assertThatThrownBy(store::run)
                    .isInstanceOf(MemoryAbortException.class)
                    .hasMessageContaining("read-only");
        }
        assertSame(image, 0, pattern(0x1000, 1));
    }

    @Test
    void overlapping_segments_are_one_memory_where_they_agree() {
        byte[] bytes = pattern(0x4000, 9);
        MemoryImage image = open(new ElfBuilder()
                .load(LOW, bytes)
                .load(LOW + 0x1000, Arrays.copyOfRange(bytes, 0x1000, 0x2000))
                .load(LOW + 0x3000, Arrays.copyOfRange(pattern(0x5000, 9), 0x3000, 0x5000))
                .build());
        assertThat(image.ranges()).containsExactly(new MemoryRange(LOW, 0x5000));
        assertSame(image, LOW, pattern(0x5000, 9));
    }

    @Test
    void a_count_of_program_headers_beyond_16_bits_is_found_in_section_header_0() {
        byte[] bytes = pattern(0x1000, 1);
        assertSame(open(new ElfBuilder().load(LOW, bytes).countInSectionHeader().build()), LOW, bytes);
    }

    @Test
    void blocks_of_zeros_take_no_heap() {
        ImageOptions little = ImageOptions.defaults().withMaxHeapBytes(3 << 16);
        byte[] bytes = new byte[16 << 20];
        bytes[5 << 20] = 1;
        MemoryImage image = MemoryImage.open(file(folder, gzip(bytes)), little);
        assertThat(image.load(5 << 20)).isEqualTo(1);
        assertThat(image.contains(0, 16 << 20)).isTrue();
    }

    @Test
    void the_same_addresses_answer_the_same_however_many_pages_were_read_in_between() {
        byte[] bytes = new byte[8 << 20];
        for (int page = 0; page < 2048; page++) {
            bytes[page << 12] = (byte) page;
            bytes[(page << 12) + 1] = (byte) (page >>> 8);
        }
        MemoryImage image = open(bytes);
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 20_000; round++) {
            int page = random.nextInt(2048);
            assertThat(image.load((long) page << 12)).isEqualTo(page);
        }
    }

    private static void assertSame(MemoryImage image, long pa, byte[] expected) {
        byte[] back = new byte[expected.length];
        image.read(pa, back, 0, back.length);
        assertThat(Arrays.mismatch(back, expected)).as("blocks").isEqualTo(-1);
        for (int i = 0; i + 8 <= expected.length; i += 8) {
            if (image.load(pa + i) != word(expected, i)) {
                assertThat(image.load(pa + i)).as("word at 0x%x", pa + i).isEqualTo(word(expected, i));
            }
        }
    }

    private static long word(byte[] bytes, int offset) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(offset);
    }
}
