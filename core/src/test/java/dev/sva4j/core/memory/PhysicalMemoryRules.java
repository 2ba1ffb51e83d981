package dev.sva4j.core.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.core.schedule.ThreadScheduler;
import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.Scheduler;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every memory of this package keeps. Its subclasses say which memory. */
abstract class PhysicalMemoryRules {
    static final long BASE = 0x4000_0000L;

    /** Memory of these ranges, zeroed. */
    abstract PhysicalMemory memory(List<MemoryRange> ranges);

    private PhysicalMemory memory(long base, long length) {
        return memory(List.of(new MemoryRange(base, length)));
    }

    /** Two regions that adjoin, a hole, and a third region. */
    private PhysicalMemory sparse() {
        return memory(List.of(
                new MemoryRange(BASE + 0x3000, 0x1000),
                new MemoryRange(BASE, 0x1000),
                new MemoryRange(BASE + 0x1000, 0x1000)));
    }

    @Test
    void new_memory_is_zero() {
        PhysicalMemory memory = memory(BASE, 0x1000);
        for (long pa = BASE; pa < BASE + 0x1000; pa += 8) {
            assertThat(memory.load(pa)).isZero();
        }
    }

    @Test
    void words_are_little_endian_for_bytes() {
        PhysicalMemory memory = memory(BASE, 0x1000);
        memory.store(BASE + 8, 0x0807_0605_0403_0201L);
        byte[] bytes = new byte[8];
        memory.read(BASE + 8, bytes, 0, 8);
        assertThat(bytes).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        memory.write(BASE + 17, new byte[] {9, 10}, 0, 2);
        assertThat(memory.load(BASE + 16)).isEqualTo(0x0a0900L);
    }

    @Test
    void every_access_mode_sees_the_same_word_in_every_region() {
        PhysicalMemory memory = sparse();
        for (long pa : new long[] {BASE, BASE + 0xff8, BASE + 0x1000, BASE + 0x1ff8, BASE + 0x3000, BASE + 0x3ff8}) {
            memory.store(pa, pa);
            assertThat(memory.loadAcquire(pa)).isEqualTo(pa);
            memory.storeRelease(pa, ~pa);
            assertThat(memory.load(pa)).isEqualTo(~pa);
            assertThat(memory.compareAndSet(pa, pa, 1)).isFalse();
            assertThat(memory.load(pa)).isEqualTo(~pa);
            assertThat(memory.compareAndSet(pa, ~pa, -1)).isTrue();
            memory.store32(pa + 4, 0x8000_0000);
            assertThat(memory.load(pa)).isEqualTo(0x8000_0000_ffff_ffffL);
            memory.store32(pa, 5);
            assertThat(memory.load(pa)).isEqualTo(0x8000_0000_0000_0005L);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void unaligned_copies_equal_those_of_a_byte_array(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        PhysicalMemory memory = sparse();
        byte[] model = new byte[0x2000];
        byte[] buffer = new byte[0x2100];
        for (int round = 0; round < 2_000; round++) {
            int length = random.nextInt(random.nextBoolean() ? 40 : 1500);
            int position = random.nextInt(model.length - length + 1);
            int offset = random.nextInt(buffer.length - length + 1);
            String what =
                    "seed " + seed + ", round " + round + ": " + length + " bytes at " + position + " and " + offset;
            switch (random.nextInt(3)) {
                case 0 -> {
                    random.nextBytes(buffer);
                    memory.write(BASE + position, buffer, offset, length);
                    System.arraycopy(buffer, offset, model, position, length);
                }
                case 1 -> {
                    byte[] expected = buffer.clone();
                    System.arraycopy(model, position, expected, offset, length);
                    memory.read(BASE + position, buffer, offset, length);
                    assertThat(Arrays.mismatch(buffer, expected)).as(what).isEqualTo(-1);
                }
                default -> {
                    int from = position & ~7;
                    int words = length & ~7;
                    memory.zero(BASE + from, words);
                    Arrays.fill(model, from, from + words, (byte) 0);
                }
            }
            byte[] all = new byte[model.length];
            memory.read(BASE, all, 0, all.length);
            assertThat(Arrays.mismatch(all, model)).as(what).isEqualTo(-1);
        }
    }

    @Test
    void an_access_to_a_hole_aborts_and_names_the_address() {
        PhysicalMemory memory = sparse();
        for (long pa : new long[] {0, BASE - 8, BASE + 0x2000, BASE + 0x2ff8, BASE + 0x4000, -8}) {
            assertAborts(pa, () -> memory.load(pa));
            assertAborts(pa, () -> memory.loadAcquire(pa));
            assertAborts(pa, () -> memory.store(pa, 0));
            assertAborts(pa, () -> memory.storeRelease(pa, 0));
            assertAborts(pa, () -> memory.compareAndSet(pa, 0, 0));
            assertAborts(pa, () -> memory.store32(pa & ~7, 0));
            assertAborts(pa, () -> memory.read(pa, new byte[1], 0, 1));
            assertAborts(pa, () -> memory.write(pa, new byte[1], 0, 1));
            assertAborts(pa, () -> memory.zero(pa, 8));
        }
    }

    @Test
    void a_block_that_runs_into_a_hole_aborts_at_its_first_byte() {
        PhysicalMemory memory = sparse();
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) 7);
        assertAborts(BASE + 0x2000, () -> memory.write(BASE + 0x1ff3, bytes, 0, 32));
        assertAborts(BASE + 0x2000, () -> memory.read(BASE + 0x1ff3, bytes, 0, 32));
        assertAborts(BASE + 0x2000, () -> memory.zero(BASE + 0x1ff0, 32));
        assertAborts(BASE + 0x2fff, () -> memory.write(BASE + 0x2fff, bytes, 0, 32));
        assertThat(memory.load(BASE + 0x3000))
                .as("nothing beyond the hole is written")
                .isZero();
    }

    @Test
    void memory_can_end_at_the_last_address() {
        PhysicalMemory memory = memory(-0x1000L, 0x1000);
        memory.store(-8, 3);
        byte[] bytes = new byte[9];
        memory.read(-8, bytes, 0, 8);
        assertThat(bytes[0]).isEqualTo((byte) 3);
        assertAborts(0, () -> memory.read(-8, bytes, 0, 9));
        assertThat(memory.contains(-8, 8)).isTrue();
        assertThat(memory.contains(-8, 9)).isFalse();
    }

    @Test
    void a_misaligned_word_access_is_a_programming_error() {
        PhysicalMemory memory = memory(BASE, 0x1000);
        for (int skew = 1; skew < 8; skew++) {
            long pa = BASE + skew;
            assertThatThrownBy(() -> memory.load(pa)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> memory.loadAcquire(pa)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> memory.store(pa, 0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> memory.storeRelease(pa, 0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> memory.compareAndSet(pa, 0, 0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> memory.zero(pa, 8)).isInstanceOf(IllegalArgumentException.class);
            if (skew != 4) {
                assertThatThrownBy(() -> memory.store32(pa, 0)).isInstanceOf(IllegalArgumentException.class);
            }
        }
        assertThatThrownBy(() -> memory.zero(BASE, 4)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_block_outside_the_array_is_refused_before_anything_is_copied() {
        PhysicalMemory memory = memory(BASE, 0x1000);
        memory.store(BASE, -1);
        assertThatThrownBy(() -> memory.write(BASE, new byte[8], 1, 8)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(memory.load(BASE)).isEqualTo(-1);
    }

    @Test
    void contains_and_ranges_merge_neighbours() {
        PhysicalMemory memory = sparse();
        assertThat(memory.ranges())
                .containsExactly(new MemoryRange(BASE, 0x2000), new MemoryRange(BASE + 0x3000, 0x1000));
        assertThat(memory.contains(BASE + 0xff0, 0x20)).isTrue();
        assertThat(memory.contains(BASE, 0x2000)).isTrue();
        assertThat(memory.contains(BASE, 0x2001)).isFalse();
        assertThat(memory.contains(BASE + 0x2fff, 1)).isFalse();
        assertThat(memory.contains(BASE - 1, 1)).isFalse();
        assertThat(memory.contains(12345, 0)).isTrue();
    }

    @Test
    void overlapping_empty_or_crooked_regions_are_refused() {
        assertThatThrownBy(() -> memory(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> memory(BASE + 4, 0x1000)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> memory(BASE, 0x1001)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> memory(List.of(new MemoryRange(BASE, 0x1000), new MemoryRange(BASE + 0xff8, 0x1000))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("overlap");
    }

    /** Each of several tasks owns some bytes of the same words; a lost byte would show as a wrong one. */
    @Test
    void concurrent_writes_to_different_bytes_of_one_word_lose_nothing() {
        PhysicalMemory memory = memory(BASE, 0x1000);
        int tasks = 4;
        try (ThreadScheduler scheduler = new ThreadScheduler()) {
            for (int i = 0; i < tasks; i++) {
                int task = i;
                scheduler.spawn("writer " + task, () -> writeAndCheckOwnBytes(memory, task));
            }
        }
    }

    private static void writeAndCheckOwnBytes(PhysicalMemory memory, int task) {
        // Task t owns bytes 2t and 2t + 1.
        byte[] bytes = new byte[2];
        byte[] back = new byte[2];
        for (int round = 0; round < 20_000; round++) {
            Arrays.fill(bytes, (byte) round);
            long pa = BASE + 2L * task;
            memory.write(pa, bytes, 0, 2);
            memory.read(pa, back, 0, 2);
            assertThat(back).as("task %d, round %d", task, round).isEqualTo(bytes);
        }
    }

    @Test
    void a_block_of_half_words_leaves_concurrent_stores_to_the_other_half_alone() {
        PhysicalMemory memory = memory(BASE, 0x1000);
        try (ThreadScheduler scheduler = new ThreadScheduler()) {
            Scheduler.Task upper = scheduler.spawn("upper half", () -> {
                for (int round = 1; round <= 20_000; round++) {
                    memory.store32(BASE + 4, round);
                    assertThat((int) (memory.load(BASE) >>> 32)).isEqualTo(round);
                }
            });
            byte[] bytes = new byte[4];
            while (!upper.isDone()) {
                bytes[0]++;
                memory.write(BASE, bytes, 0, 4);
                assertThat((byte) memory.load(BASE)).isEqualTo(bytes[0]);
            }
        }
    }

    private static void assertAborts(long pa, Runnable access) {
        assertThatThrownBy(access::run)
                .isInstanceOfSatisfying(
                        MemoryAbortException.class, e -> assertThat(e.address()).isEqualTo(pa));
    }
}
