package dev.sva4j.spi.pagetable;

import static dev.sva4j.spi.pagetable.Attributes.ACCESSED;
import static dev.sva4j.spi.pagetable.Attributes.DIRTY;
import static dev.sva4j.spi.pagetable.Rights.READ;
import static dev.sva4j.spi.pagetable.Rights.USER;
import static dev.sva4j.spi.pagetable.Rights.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.pagetable.Vmsav8_64.Granule;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No accessed or dirty mark that hardware sets while software changes the same entry is lost. */
@Timeout(60)
class HardwareMarksTest {

    static List<PageTableFormat> formats() {
        return List.of(X86_64.FOUR_LEVELS, new Vmsav8_64(Granule.SIZE_4K, 16, 48, 0, true));
    }

    /** Marks the page at 0 in the moment between software's read of the entry and its compare-and-set. */
    private static Fixture markedInBetween(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        fixture.table.map(0, 0, 0x1000, READ | WRITE | USER);
        fixture.memory.beforeCompareAndSet = () -> {
            fixture.memory.beforeCompareAndSet = () -> {};
            Mapping page = fixture.table.lookup(0);
            fixture.memory.store(
                    page.entryAddress(), format.withAttributes(0, page.entry(), page.attributes() | ACCESSED | DIRTY));
        };
        return fixture;
    }

    @ParameterizedTest
    @MethodSource("formats")
    void unmap_reports_a_mark_that_came_in_between(PageTableFormat format) {
        Fixture fixture = markedInBetween(format);
        fixture.unmap(0, 0x1000);
        assertThat(fixture.changed).singleElement().satisfies(page -> {
            assertThat(format.isDirty(0, page.oldEntry())).isTrue();
            assertThat(format.isAccessed(0, page.oldEntry())).isTrue();
        });
    }

    @ParameterizedTest
    @MethodSource("formats")
    void protect_keeps_a_mark_that_came_in_between(PageTableFormat format) {
        Fixture fixture = markedInBetween(format);
        fixture.table.protect(0, 0xFFF, READ | USER, fixture.leaves());
        assertThat(fixture.table.lookup(0).attributes()).isEqualTo(READ | USER | ACCESSED | DIRTY);
        assertThat(format.isDirty(0, fixture.changed.get(0).oldEntry())).isTrue();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void clearing_one_mark_keeps_the_other_that_came_in_between(PageTableFormat format) {
        Fixture fixture = markedInBetween(format);
        fixture.table.mark(0, 0xFFF, ACCESSED, LeafListener.NONE);
        assertThat(fixture.table.lookup(0).has(ACCESSED | DIRTY)).isTrue();
    }

    @Test
    void a_change_that_hardware_has_made_already_is_not_made_again() {
        Fixture fixture = markedInBetween(X86_64.FOUR_LEVELS);
        fixture.table.mark(0, 0xFFF, ACCESSED | DIRTY, fixture.leaves());
        assertThat(fixture.changed).isEmpty();
    }

    /** Both sides count how often a page went from clean to dirty, so one lost mark is enough to tell. */
    @ParameterizedTest
    @MethodSource("formats")
    void every_write_of_a_running_walker_is_reported_dirty_exactly_once(PageTableFormat format) throws Exception {
        int pages = 64;
        int rounds = 300;
        long last = pages * 0x1000L - 1;
        Fixture fixture = new Fixture(format);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        int[] marked = new int[pages];
        Thread hardware = new Thread(() -> {
            for (int i = 0; !stop.get(); i = (i + 1) % pages) {
                marked[i] += walkForWrite(fixture, i * 0x1000L) ? 1 : 0;
            }
        });
        hardware.setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown));
        hardware.start();
        int[] reported = new int[pages];
        LeafListener collector = (va, level, old) -> reported[(int) (va >>> 12)] += format.isDirty(level, old) ? 1 : 0;
        try {
            for (int round = 0; round < rounds; round++) {
                assertThat(fixture.table.map(0, 0, last + 1, READ | WRITE | USER, 12))
                        .isTrue();
                fixture.table.protect(0, last, READ | USER, LeafListener.NONE);
                fixture.table.protect(0, last, READ | WRITE | USER, LeafListener.NONE);
                // Tables stay, so the walker needs no invalidation protocol here.
                fixture.table.breakRange(0, last, collector);
            }
        } finally {
            stop.set(true);
            hardware.join();
        }
        assertThat(failure.get()).isNull();
        assertThat(reported).isEqualTo(marked);
    }

    /**
     * What hardware does for a write: find the leaf, check the right, mark by compare-and-set. Whether that made it
     * dirty.
     */
    private static boolean walkForWrite(Fixture fixture, long va) {
        Mapping leaf = fixture.table.lookup(va);
        if (leaf == null || !leaf.has(WRITE) || leaf.has(DIRTY)) {
            return false;
        }
        long marked = fixture.format.withAttributes(0, leaf.entry(), leaf.attributes() | ACCESSED | DIRTY);
        return fixture.memory.compareAndSet(leaf.entryAddress(), leaf.entry(), marked);
    }
}
