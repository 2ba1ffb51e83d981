package dev.sva4j.core.pasid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.core.schedule.ThreadScheduler;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of {@link PasidBitmap}. */
class PasidBitmapTest {
    private static final int ALL = PasidBitmap.MAX_CAPACITY;

    @Test
    void exhaustion_is_exact_at_two_to_the_twenty() {
        PasidBitmap pasids = new PasidBitmap(ALL);
        for (int id = 1; id < ALL; id++) {
            if (pasids.allocate(1, ALL - 1) != id) {
                throw new AssertionError("expected " + id);
            }
        }
        assertThat(pasids.allocatedCount()).isEqualTo(ALL - 1);
        assertThat(pasids.allocate(1, ALL - 1)).isEqualTo(-1);
        assertThat(pasids.free(777_777)).isTrue();
        assertThat(pasids.allocate(1, ALL - 1)).isEqualTo(777_777);
        assertThat(pasids.allocate(1, ALL - 1)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 63, 64, 65, 127, 128, 4095, 4096, 4097, 262_145})
    void exhaustion_is_exact_at_every_capacity(int capacity) {
        PasidBitmap pasids = new PasidBitmap(capacity);
        assertThat(pasids.allocatedCount()).isZero();
        for (int id = 1; id < capacity; id++) {
            assertThat(pasids.allocate(1, capacity - 1)).isEqualTo(id);
        }
        assertThat(pasids.allocate(1, capacity - 1)).isEqualTo(-1);
        assertThat(pasids.allocatedCount()).isEqualTo(capacity - 1);
        for (int id = 1; id < capacity; id++) {
            assertThat(pasids.free(id)).isTrue();
        }
        assertThat(pasids.allocatedCount()).isZero();
    }

    @Test
    void a_freed_id_comes_back_only_after_all_others_of_the_range() {
        PasidBitmap pasids = new PasidBitmap(100);
        assertThat(pasids.allocate(1, 99)).isEqualTo(1);
        for (int id = 2; id < 100; id++) {
            assertThat(pasids.free(id - 1)).isTrue();
            assertThat(pasids.allocate(1, 99)).isEqualTo(id);
        }
        assertThat(pasids.allocate(1, 99)).as("wraps to the start of the range").isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1,3", "63,64", "64,127", "60,70", "500,500", "4090,4100", "9000,9999"})
    void only_ids_of_the_range_are_handed_out_and_all_of_them(int min, int max) {
        PasidBitmap pasids = new PasidBitmap(10_000);
        for (int id = min; id <= max; id++) {
            assertThat(pasids.allocate(min, max)).isEqualTo(id);
        }
        assertThat(pasids.allocate(min, max)).isEqualTo(-1);
        pasids.free(max);
        assertThat(pasids.allocate(min, max)).isEqualTo(max);
        assertThat(pasids.allocatedCount()).isEqualTo(max - min + 1);
    }

    @Test
    void a_search_starts_at_the_range_if_the_last_id_is_outside_it() {
        PasidBitmap pasids = new PasidBitmap(1000);
        assertThat(pasids.allocate(500, 600)).isEqualTo(500);
        assertThat(pasids.allocate(1, 10)).isEqualTo(1);
        assertThat(pasids.allocate(800, 900)).isEqualTo(800);
        assertThat(pasids.allocate(1, 999)).isEqualTo(801);
    }

    @Test
    void a_reserved_id_is_never_handed_out_and_reserving_does_not_move_the_search() {
        PasidBitmap pasids = new PasidBitmap(100);
        assertThat(pasids.reserve(2)).isTrue();
        assertThat(pasids.reserve(50)).isTrue();
        assertThat(pasids.reserve(2)).isFalse();
        assertThat(pasids.isAllocated(2)).isTrue();
        assertThat(pasids.allocate(1, 99)).isEqualTo(1);
        assertThat(pasids.allocate(1, 99)).isEqualTo(3);
        assertThat(pasids.reserve(3)).isFalse();
        assertThat(pasids.free(2)).isTrue();
        assertThat(pasids.allocate(1, 2)).isEqualTo(2);
    }

    @Test
    void freeing_what_is_not_allocated_is_refused() {
        PasidBitmap pasids = new PasidBitmap(100);
        assertThat(pasids.free(5)).isFalse();
        assertThat(pasids.allocate(5, 5)).isEqualTo(5);
        assertThat(pasids.free(5)).isTrue();
        assertThat(pasids.free(5)).isFalse();
        assertThat(pasids.allocatedCount()).isZero();
    }

    @Test
    void id_0_and_ids_beyond_the_capacity_are_no_pasids() {
        PasidBitmap pasids = new PasidBitmap(100);
        assertThatThrownBy(() -> pasids.allocate(0, 10)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pasids.allocate(5, 4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pasids.allocate(1, 100)).isInstanceOf(IllegalArgumentException.class);
        for (int id : new int[] {-1, 0, 100, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> pasids.reserve(id)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> pasids.free(id)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> pasids.isAllocated(id)).isInstanceOf(IllegalArgumentException.class);
        }
        for (int capacity : new int[] {-1, 0, 1, ALL + 1}) {
            assertThatThrownBy(() -> new PasidBitmap(capacity)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void it_equals_a_linear_search_in_a_bit_set(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int capacity = 2 + random.nextInt(9000);
        PasidBitmap pasids = new PasidBitmap(capacity);
        BitSet model = new BitSet(capacity);
        int cursor = 0;
        int fullness = 1 + random.nextInt(9);
        for (int round = 0; round < 60_000; round++) {
            int id = 1 + random.nextInt(capacity - 1);
            String what = "seed " + seed + ", round " + round;
            switch (random.nextInt(12)) {
                case 0 -> {
                    assertThat(pasids.reserve(id)).as(what).isEqualTo(!model.get(id));
                    model.set(id);
                }
                case 1 -> assertThat(pasids.isAllocated(id)).as(what).isEqualTo(model.get(id));
                default -> {
                    if (random.nextInt(10) < fullness) {
                        int max = random.nextInt(4) == 0 ? id + random.nextInt(capacity - id) : capacity - 1;
                        int min = max == capacity - 1 ? 1 : id;
                        int expected = nextFit(model, cursor, min, max);
                        assertThat(pasids.allocate(min, max)).as(what).isEqualTo(expected);
                        if (expected > 0) {
                            model.set(expected);
                            cursor = expected;
                        }
                    } else {
                        assertThat(pasids.free(id)).as(what).isEqualTo(model.get(id));
                        model.clear(id);
                    }
                }
            }
        }
        assertThat(pasids.allocatedCount()).isEqualTo(model.cardinality());
    }

    private static int nextFit(BitSet model, int cursor, int min, int max) {
        int start = cursor < min || cursor >= max ? min : cursor + 1;
        int id = model.nextClearBit(start);
        if (id > max) {
            id = model.nextClearBit(min);
        }
        return id > max ? -1 : id;
    }

    @Test
    void two_threads_never_get_the_same_id_and_together_get_all() {
        PasidBitmap pasids = new PasidBitmap(ALL);
        AtomicIntegerArray owners = new AtomicIntegerArray(ALL);
        AtomicInteger total = new AtomicInteger();
        try (ThreadScheduler scheduler = new ThreadScheduler()) {
            for (int i = 0; i < 2; i++) {
                scheduler.spawn("allocator " + i, () -> {
                    for (int id = pasids.allocate(1, ALL - 1); id > 0; id = pasids.allocate(1, ALL - 1)) {
                        if (owners.incrementAndGet(id) != 1) {
                            throw new AssertionError(id + " was handed out twice");
                        }
                        total.incrementAndGet();
                    }
                });
            }
        }
        assertThat(total).hasValue(ALL - 1);
    }

    /**
     * Three users of three free ids, each with one at a time: there is always one left, however much the summaries lag
     * behind.
     */
    @ParameterizedTest
    @ValueSource(ints = {70, 5000})
    void an_allocation_never_fails_while_there_are_enough_ids(int capacity) {
        PasidBitmap pasids = new PasidBitmap(capacity);
        for (int id = 1; id < capacity; id++) {
            pasids.reserve(id);
        }
        AtomicIntegerArray owners = new AtomicIntegerArray(capacity);
        pasids.free(1);
        pasids.free(capacity - 1);
        pasids.free(capacity / 2);
        try (ThreadScheduler scheduler = new ThreadScheduler()) {
            for (int i = 0; i < 3; i++) {
                scheduler.spawn("user " + i, () -> {
                    for (int round = 0; round < 40_000; round++) {
                        int id = pasids.allocate(1, capacity - 1);
                        assertThat(id).as("round %d", round).isPositive();
                        assertThat(owners.incrementAndGet(id)).isEqualTo(1);
                        owners.decrementAndGet(id);
                        assertThat(pasids.free(id)).isTrue();
                    }
                });
            }
        }
        assertThat(pasids.allocatedCount()).isEqualTo(capacity - 1 - 3);
    }

    /**
     * One id is free at every moment, but it moves: before the mover takes one it has freed the other. The search that
     * does without summaries is called directly, because an ordinary allocation hardly ever gets to it in this race.
     */
    @Test
    void an_allocation_never_fails_because_the_only_free_id_moves_past_its_search() {
        int last = ALL - 1;
        PasidBitmap pasids = new PasidBitmap(ALL);
        for (int id = 1; id < last; id++) {
            pasids.reserve(id);
        }
        AtomicBoolean over = new AtomicBoolean();
        try (ThreadScheduler scheduler = new ThreadScheduler()) {
            scheduler.spawn("mover", () -> {
                while (!over.get()) {
                    move(pasids, 1, last);
                    move(pasids, last, 1);
                }
            });
            scheduler.spawn("searcher", () -> {
                try {
                    for (int round = 0; round < 150_000; round++) {
                        int id = round % 4 == 0 ? pasids.allocate(1, last) : pasids.takeAnyExactly(1, last);
                        assertThat(id).as("round %d", round).isPositive();
                        pasids.free(id);
                    }
                } finally {
                    over.set(true);
                }
            });
        }
    }

    private static void move(PasidBitmap pasids, int from, int to) {
        assertThat(pasids.free(from)).isTrue();
        while (!pasids.reserve(to)) {
            Thread.onSpinWait();
        }
    }

    /** A summary that stays "full" by mistake would not lose an id, but hand it out too late. */
    @Test
    void summaries_are_right_again_when_everything_is_quiet() {
        PasidBitmap pasids = new PasidBitmap(64 * 200);
        int first = 64 * 100;
        for (int id = 1; id < pasids.capacity(); id++) {
            pasids.reserve(id);
        }
        for (int round = 0; round < 100; round++) {
            try (ThreadScheduler scheduler = new ThreadScheduler()) {
                for (int i = 0; i < 3; i++) {
                    int id = first + i;
                    scheduler.spawn("user " + i, () -> {
                        for (int step = 0; step < 1_000; step++) {
                            pasids.free(id);
                            pasids.reserve(id);
                        }
                        pasids.free(id);
                    });
                }
            }
            int end = pasids.capacity() - 1;
            pasids.free(end);
            for (int expected : new int[] {first, first + 1, first + 2, end}) {
                assertThat(pasids.allocate(1, end)).as("round %d", round).isEqualTo(expected);
            }
        }
    }
}
