package dev.sva4j.core.memory;

import static dev.sva4j.core.memory.ElfBuilder.file;
import static dev.sva4j.core.memory.ElfBuilder.gzip;
import static dev.sva4j.core.memory.ElfBuilder.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a bad image is told: one line with the file, what is wrong, and what to do. */
class MemoryImageErrorsTest {
    @TempDir
    Path folder;

    /** Bytes of a good core: a header of 64, two program headers of 56, 0x2000 of contents. */
    private static byte[] good() {
        return new ElfBuilder()
                .load(0x1000, pattern(0x1000, 1))
                .load(0x8000, pattern(0x1000, 2))
                .build();
    }

    private static byte[] changed(int offset, long value, int bytes) {
        byte[] elf = good();
        ByteBuffer buffer = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < bytes; i++) {
            buffer.put(offset + i, (byte) (value >>> (8 * i)));
        }
        return elf;
    }

    private AbstractThrowableAssert<?, ?> refused(byte[] bytes) {
        return refused(bytes, ImageOptions.defaults());
    }

    private AbstractThrowableAssert<?, ?> refused(byte[] bytes, ImageOptions options) {
        Path path = file(folder, bytes);
        return assertThatThrownBy(() -> MemoryImage.open(path, options))
                .isInstanceOfSatisfying(
                        ImageException.class, e -> assertThat(e.path()).isEqualTo(path))
                .hasMessageStartingWith("memory image " + path + ": ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void a_missing_file_or_a_folder_is_said_to_be_one() {
        Path missing = folder.resolve("nowhere");
        assertThatThrownBy(() -> MemoryImage.open(missing))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("no such file");
        assertThatThrownBy(() -> MemoryImage.open(folder))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("not a regular file");
    }

    @Test
    void an_empty_image_is_refused_packed_or_not() {
        refused(new byte[0]).hasMessageContaining("empty");
        refused(gzip(new byte[0])).hasMessageContaining("empty");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 9, 12, 100, -9, -8, -1})
    void a_truncated_gzip_file_is_refused(int keep) {
        byte[] packed = gzip(good());
        refused(Arrays.copyOf(packed, keep > 0 ? keep : packed.length + keep)).hasMessageContaining("ends early");
    }

    @Test
    void damaged_gzip_data_is_refused() {
        byte[] packed = gzip(good());
        packed[packed.length - 6] ^= 1;
        refused(packed).hasMessageContaining("corrupt").hasMessageContaining("gzip -t");
        byte[] method = gzip(good());
        method[2] = 9;
        refused(method).hasMessageContaining("corrupt");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 16, 63})
    void a_cut_elf_header_is_refused(int length) {
        refused(Arrays.copyOf(good(), length)).hasMessageContaining("ELF header");
    }

    @Test
    void elf_files_that_are_no_64_bit_little_endian_core_are_refused_by_name() {
        refused(changed(4, 1, 1)).hasMessageContaining("32-bit");
        refused(changed(4, 7, 1)).hasMessageContaining("class is 7");
        refused(changed(5, 2, 1)).hasMessageContaining("big-endian");
        refused(changed(5, 0, 1)).hasMessageContaining("encoding is 0");
        refused(changed(16, 2, 2)).hasMessageContaining("type 2, not 4 (core)");
        refused(changed(54, 32, 2)).hasMessageContaining("32 bytes");
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 100, 175})
    void cut_program_headers_are_refused(int length) {
        refused(Arrays.copyOf(good(), length)).hasMessageContaining("2 program headers");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40})
    void absurd_offsets_and_sizes_are_refused(long absurd) {
        refused(changed(32, absurd, 8)).hasMessageContaining("program headers");
        refused(changed(64 + 8, absurd, 8)).hasMessageContaining("segment 0");
        refused(changed(64 + 32, absurd, 8)).hasMessageContaining("segment 0");
    }

    @Test
    void an_absurd_number_of_program_headers_is_refused() {
        refused(changed(56, 0xfffe, 2)).hasMessageContaining("65534 program headers");
        byte[] elf = new ElfBuilder()
                .load(0x1000, pattern(0x1000, 1))
                .countInSectionHeader()
                .build();
        ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN).putInt(64 + 56 + 44, -1);
        refused(elf).hasMessageContaining("4294967295 program headers");
        refused(changed(56, 0xffff, 2)).isInstanceOf(ImageException.class);
    }

    @Test
    void a_segment_beyond_the_end_of_the_file_is_refused_by_number_and_address() {
        byte[] elf = good();
        refused(Arrays.copyOf(elf, elf.length - 1))
                .hasMessageContaining("segment 1")
                .hasMessageContaining("0x8000")
                .hasMessageContaining("beyond the end")
                .hasMessageContaining("incomplete");
    }

    @Test
    void a_segment_with_more_in_the_file_than_in_memory_is_refused() {
        refused(changed(64 + 40, 0xfff, 8)).hasMessageContaining("only 0xfff bytes in memory");
    }

    @Test
    void a_segment_that_wraps_around_is_refused() {
        refused(changed(64 + 24, -8, 8)).hasMessageContaining("wraps");
    }

    @Test
    void overlapping_segments_that_differ_are_refused() {
        refused(changed(64 + 56 + 24, 0x1ff0, 8)).hasMessageContaining("0x1000 and 0x1ff0 overlap and differ");
    }

    /** Each compares with the one before it over almost all of the file: more work than any real dump asks for. */
    @Test
    void many_overlaps_that_agree_do_not_keep_us_busy() {
        ElfBuilder builder = new ElfBuilder();
        for (int i = 0; i < 1000; i++) {
            builder.load(0x1000, i == 0 ? new byte[1 << 20] : new byte[0], 1 << 20, 1 << 20, 0);
        }
        byte[] elf = builder.build();
        int contents = 64 + 56 * 1000;
        for (int i = 0; i < 1000; i++) {
            ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN).putLong(64 + 56 * i + 8, contents);
        }
        refused(elf).hasMessageContaining("overlap");
    }

    @Test
    void a_core_without_memory_is_refused() {
        refused(new ElfBuilder().build()).hasMessageContaining("no PT_LOAD");
        refused(new ElfBuilder().note(new byte[16]).build()).hasMessageContaining("no PT_LOAD");
        refused(new ElfBuilder().load(0x1000, new byte[0], 0, 0x1000, 0).build())
                .hasMessageContaining("none of its 1 PT_LOAD segments has contents");
    }

    @Test
    void the_core_of_a_process_is_told_from_that_of_a_machine() {
        refused(new ElfBuilder()
                        .load(0, pattern(0x1000, 1))
                        .load(0, pattern(0x1000, 2))
                        .build())
                .hasMessageContaining("core of a process");
    }

    @Test
    void a_gzip_bomb_is_refused_at_the_limit() {
        refused(gzip(new byte[32 << 20]), ImageOptions.defaults().withMaxUnpackedBytes(16 << 20))
                .hasMessageContaining("more than 16777216 bytes of contents")
                .hasMessageContaining("gunzip");
        byte[] noise = new byte[8 << 20];
        new SplittableRandom(1).nextBytes(noise);
        refused(gzip(noise), ImageOptions.defaults().withMaxHeapBytes(4 << 20))
                .hasMessageContaining("more than 4194304 bytes of heap");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KDUMP   ",
                "DISKDUMP",
                "makedumpfile",
                "EMiL",
                "\u00fd7zXZ",
                "(\u00b5/\u00fd",
                "BZh91AY",
                "PK\u0003\u0004",
                "QFI\u00fb"
            })
    void formats_of_other_tools_are_refused_with_the_way_out(String magic) {
        byte[] bytes = Arrays.copyOf(magic.getBytes(StandardCharsets.ISO_8859_1), 0x1000);
        refused(bytes).hasMessageContaining("format that is not read");
        refused(gzip(bytes)).hasMessageContaining("format that is not read");
        assertThat(MemoryImage.open(file(folder, bytes), ImageOptions.defaults().withRawBase(0))
                        .format())
                .isEqualTo("raw image");
    }

    @Test
    void an_image_that_is_packed_twice_is_refused() {
        refused(gzip(gzip(good()))).hasMessageContaining("gzipped twice");
    }

    @Test
    void a_file_of_no_whole_pages_is_not_taken_for_a_raw_image_unless_told() {
        byte[] text = "registers:\n".getBytes(StandardCharsets.UTF_8);
        refused(text).hasMessageContaining("no ELF core").hasMessageContaining("4 KiB");
        MemoryImage image =
                MemoryImage.open(file(folder, text), ImageOptions.defaults().withRawBase(0x1000));
        assertThat(image.load(0x1000) & 0xff).isEqualTo('r');
    }

    @Test
    void a_raw_image_that_wraps_around_is_refused() {
        refused(new byte[0x2000], ImageOptions.defaults().withRawBase(-0x1000)).hasMessageContaining("wrap around");
    }

    @Test
    void limits_must_be_positive() {
        assertThatThrownBy(() -> ImageOptions.defaults().withMaxHeapBytes(0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ImageOptions.defaults().withMaxUnpackedBytes(-1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Whatever byte is wrong, the answer is an image or an image error, never another exception. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void random_damage_gives_an_image_or_an_image_error(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        Path path = folder.resolve("image");
        for (int round = 0; round < 300; round++) {
            byte[] bytes = random.nextBoolean() ? good() : gzip(good());
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(Math.min(bytes.length, 200))] = (byte) random.nextInt(256);
            }
            Files.write(path, bytes);
            try {
                assertThat(MemoryImage.open(path).ranges())
                        .as("seed %d, round %d", seed, round)
                        .isNotEmpty();
            } catch (ImageException e) {
                assertThat(e).hasMessageNotContaining("\n");
            }
        }
    }
}
