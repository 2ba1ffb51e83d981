package dev.sva4j.core.memory;

import static dev.sva4j.spi.FrameAllocator.NO_FRAME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.core.schedule.ThreadScheduler;
import dev.sva4j.spi.MemoryRange;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of {@link BuddyFrameAllocator}. */
class BuddyFrameAllocatorTest {
    private static final long BASE = 0x4000_0000L;
    private static final long MIB = 1L << 20;

    private final HeapMemory memory = new HeapMemory(BASE, 4 * MIB);
    private final BuddyFrameAllocator frames = new BuddyFrameAllocator(memory);

    @Test
    void the_lowest_free_block_is_handed_out() {
        assertThat(frames.allocate(12)).isEqualTo(BASE);
        assertThat(frames.allocate(14)).isEqualTo(BASE + 0x4000);
        assertThat(frames.allocate(12)).isEqualTo(BASE + 0x1000);
        assertThat(frames.allocate(13)).isEqualTo(BASE + 0x2000);
        assertThat(frames.allocate(12)).isEqualTo(BASE + 0x8000);
        frames.free(BASE + 0x4000, 14);
        frames.free(BASE + 0x1000, 12);
        assertThat(frames.allocate(12)).isEqualTo(BASE + 0x1000);
        assertThat(frames.allocate(12)).isEqualTo(BASE + 0x4000);
    }

    @Test
    void blocks_are_zero_and_aligned_whatever_they_held_before() {
        long dirty = frames.allocate(16);
        byte[] ones = new byte[1 << 16];
        java.util.Arrays.fill(ones, (byte) 1);
        memory.write(dirty, ones, 0, ones.length);
        frames.free(dirty, 16);
        for (int i = 0; i < 16; i++) {
            long pa = frames.allocate(12);
            assertThat(pa & 0xfff).isZero();
            byte[] bytes = new byte[4096];
            memory.read(pa, bytes, 0, 4096);
            assertThat(bytes).containsOnly(0);
        }
    }

    @Test
    void running_out_is_a_value_and_changes_nothing() {
        assertThat(frames.allocate(23)).isEqualTo(NO_FRAME);
        assertThat(frames.allocate(30)).isEqualTo(NO_FRAME);
        for (int i = 0; i < 1024; i++) {
            assertThat(frames.allocate(12)).isEqualTo(BASE + 4096L * i);
        }
        assertThat(frames.allocate(12)).isEqualTo(NO_FRAME);
        assertThat(frames.allocatedBytes()).isEqualTo(frames.capacityBytes()).isEqualTo(4 * MIB);
        frames.free(BASE + 0x5000, 12);
        assertThat(frames.allocate(13)).isEqualTo(NO_FRAME);
        assertThat(frames.allocate(12)).isEqualTo(BASE + 0x5000);
    }

    @Test
    void freed_buddies_merge_to_the_whole() {
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < 1024; i++) {
            all.add(frames.allocate(12));
        }
        java.util.Collections.shuffle(all, new java.util.Random(5));
        all.forEach(pa -> frames.free(pa, 12));
        assertThat(frames.allocatedBytes()).isZero();
        assertThat(frames.allocate(22)).isEqualTo(BASE);
    }

    @Test
    void a_wrong_free_is_refused_and_changes_nothing() {
        long pa = frames.allocate(14);
        assertRefused(pa, 12);
        assertRefused(pa, 15);
        assertRefused(pa + 0x1000, 12);
        assertRefused(pa + 0x4000, 14);
        assertRefused(pa + 8, 14);
        assertRefused(BASE - 0x4000, 14);
        assertRefused(BASE + 4 * MIB, 14);
        assertRefused(NO_FRAME, 12);
        assertThat(frames.allocatedBytes()).isEqualTo(0x4000);
        frames.free(pa, 14);
        assertRefused(pa, 14);
        assertThat(frames.allocatedBytes()).isZero();
    }

    @Test
    void a_block_that_was_split_again_cannot_be_freed_as_a_whole() {
        long whole = frames.allocate(13);
        frames.free(whole, 13);
        long half = frames.allocate(12);
        long other = frames.allocate(12);
        assertThat(half).isEqualTo(whole);
        assertRefused(whole, 13);
        frames.free(half, 12);
        frames.free(other, 12);
        assertRefused(whole, 13);
    }

    @Test
    void sizes_outside_the_contract_are_programming_errors() {
        for (int log2Size : new int[] {-1, 0, 11, 31, 64}) {
            assertThatThrownBy(() -> frames.allocate(log2Size)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> frames.free(BASE, log2Size)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void only_whole_frames_of_the_given_ranges_are_used() {
        HeapMemory holes = new HeapMemory(List.of(new MemoryRange(0x1800, 0x3000), new MemoryRange(0x10000, 0x1000)));
        BuddyFrameAllocator some = new BuddyFrameAllocator(holes);
        assertThat(some.capacityBytes()).isEqualTo(0x3000);
        assertThat(some.allocate(13)).isEqualTo(0x2000);
        assertThat(some.allocate(13)).isEqualTo(NO_FRAME);
        assertThat(some.allocate(12)).isEqualTo(0x10000);
        assertThat(some.allocate(12)).isEqualTo(NO_FRAME);
        assertThatThrownBy(() -> new BuddyFrameAllocator(holes, List.of(new MemoryRange(0x1800, 0x800))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BuddyFrameAllocator(holes, List.of(new MemoryRange(0, 0x2000))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_range_across_a_gib_boundary_and_one_at_the_end_of_the_address_space_work() {
        HeapMemory far =
                new HeapMemory(List.of(new MemoryRange((1L << 30) - 0x2000, 0x4000), new MemoryRange(-0x2000, 0x2000)));
        BuddyFrameAllocator some = new BuddyFrameAllocator(far);
        assertThat(some.capacityBytes()).isEqualTo(0x6000);
        assertThat(some.allocate(13)).isEqualTo((1L << 30) - 0x2000);
        assertThat(some.allocate(13)).isEqualTo(1L << 30);
        assertThat(some.allocate(13)).isEqualTo(-0x2000L);
        some.free(-0x2000L, 13);
        assertThat(some.allocate(12)).isEqualTo(-0x2000L);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void blocks_never_overlap_and_the_books_balance(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        TreeMap<Long, Integer> live = new TreeMap<>();
        long bytes = 0;
        for (int round = 0; round < 5_000; round++) {
            if (random.nextInt(5) < 3) {
                int size = 12 + random.nextInt(6);
                long pa = frames.allocate(size);
                if (pa != NO_FRAME) {
                    var below = live.floorEntry(pa + (1L << size) - 1);
                    assertThat(below == null || below.getKey() + (1L << below.getValue()) <= pa)
                            .as("seed %d, round %d: 0x%x", seed, round, pa)
                            .isTrue();
                    live.put(pa, size);
                    bytes += 1L << size;
                }
            } else if (!live.isEmpty()) {
                long pick = BASE + random.nextLong(4 * MIB);
                var block = live.floorEntry(pick) == null ? live.firstEntry() : live.floorEntry(pick);
                frames.free(block.getKey(), block.getValue());
                live.remove(block.getKey());
                bytes -= 1L << block.getValue();
            }
            assertThat(frames.allocatedBytes())
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(bytes);
        }
    }

    @Test
    void concurrent_callers_share_no_frame() {
        try (ThreadScheduler scheduler = new ThreadScheduler()) {
            for (int i = 1; i <= 3; i++) {
                long mark = i;
                scheduler.spawn("caller " + i, () -> {
                    for (int round = 0; round < 3_000; round++) {
                        long pa = frames.allocate(12 + round % 3);
                        assertThat(memory.load(pa)).isZero();
                        memory.store(pa, mark);
                        assertThat(memory.load(pa)).isEqualTo(mark);
                        frames.free(pa, 12 + round % 3);
                    }
                });
            }
        }
        assertThat(frames.allocatedBytes()).isZero();
    }

    private void assertRefused(long pa, int log2Size) {
        assertThatThrownBy(() -> frames.free(pa, log2Size)).isInstanceOf(IllegalStateException.class);
    }
}
