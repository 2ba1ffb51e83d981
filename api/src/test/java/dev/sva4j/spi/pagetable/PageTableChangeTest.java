package dev.sva4j.spi.pagetable;

import static dev.sva4j.spi.pagetable.Attributes.ACCESSED;
import static dev.sva4j.spi.pagetable.Attributes.DIRTY;
import static dev.sva4j.spi.pagetable.Fixture.USER_RO;
import static dev.sva4j.spi.pagetable.Fixture.USER_RW;
import static dev.sva4j.spi.pagetable.Rights.EXECUTE;
import static dev.sva4j.spi.pagetable.Rights.READ;
import static dev.sva4j.spi.pagetable.Rights.USER;
import static dev.sva4j.spi.pagetable.Rights.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.spi.pagetable.Fixture.Changed;
import dev.sva4j.spi.pagetable.Vmsav8_64.Granule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules of {@link PageTable#unmap}, breakRange, protect, mark, clear and destroy. */
class PageTableChangeTest {

    static List<PageTableFormat> formats() {
        return Formats.engine();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void unmap_reports_each_leaf_with_its_old_entry_in_ascending_order(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        long page = fixture.page();
        long block = fixture.size(1);
        fixture.table.map(block - page, block - page, page + block + page, USER_RW);
        List<Mapping> before = fixture.mappings();
        fixture.unmap(0, 4 * block);
        assertThat(fixture.changed)
                .containsExactlyElementsOf(before.stream()
                        .map(leaf -> new Changed(leaf.va(), leaf.level(), leaf.entry()))
                        .toList());
        assertThat(fixture.mappings()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void tables_that_become_empty_are_handed_out_and_freed_by_nobody_else(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        fixture.table.map(0, 0, 2 * fixture.page(), USER_RW);
        int inUse = fixture.frames.blocksInUse();
        fixture.unmap(0, fixture.page());
        assertThat(fixture.reclaimed).isEmpty();
        fixture.unmap(fixture.page(), fixture.page());
        assertThat(fixture.reclaimed).hasSize(format.levels() - 1).doesNotHaveDuplicates();
        assertThat(fixture.frames.blocksInUse()).isEqualTo(inUse);
        fixture.freeReclaimed();
        assertThat(fixture.frames.blocksInUse()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void unmapping_a_hole_changes_nothing(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        long[] before = fixture.memory.snapshot();
        fixture.unmap(0, format.lowLast() + 1);
        assertThat(fixture.memory.snapshot()).isEqualTo(before);
        assertThat(fixture.changed).isEmpty();
        assertThat(fixture.reclaimed).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void a_broken_range_is_mapped_again_without_any_frame(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        long page = fixture.page();
        fixture.table.map(0, 0, 3 * page, USER_RW);
        fixture.table.breakRange(page, 2 * page - 1, fixture.leaves());
        assertThat(fixture.table.lookup(page)).isNull();
        assertThat(fixture.changed).hasSize(1);
        fixture.table.breakRange(0, 3 * page - 1, fixture.leaves());
        fixture.frames.remaining = 0;
        assertThat(fixture.table.map(0, 0x40 * page, 3 * page, USER_RW)).isTrue();
        assertThat(fixture.table.lookup(page).oa()).isEqualTo(0x41 * page);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void an_unmap_after_break_hands_out_the_tables_that_break_kept(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        fixture.table.map(0, 0, fixture.page(), USER_RW);
        fixture.table.breakRange(0, fixture.page() - 1, LeafListener.NONE);
        fixture.unmap(0, fixture.page());
        assertThat(fixture.reclaimed).hasSize(format.levels() - 1);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void protect_changes_rights_and_nothing_else(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        long page = fixture.page();
        fixture.table.map(0, 8 * page, page, USER_RW);
        fixture.table.map(page, 9 * page, page, READ | USER);
        fixture.table.map(2 * page, 10 * page, page, USER_RW | EXECUTE);
        fixture.table.protect(0, 3 * page - 1, READ | USER, fixture.leaves());
        assertThat(fixture.table.lookup(0).attributes()).isEqualTo(READ | USER | ACCESSED | DIRTY);
        assertThat(fixture.table.lookup(page).attributes()).isEqualTo(READ | USER);
        assertThat(fixture.table.lookup(2 * page).attributes()).isEqualTo(READ | USER | ACCESSED | DIRTY);
        assertThat(fixture.table.lookup(2 * page).oa()).isEqualTo(10 * page);
        assertThat(fixture.changed)
                .as("a leaf that has these rights is not reported")
                .hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void protect_passes_over_holes_and_takes_whole_blocks(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        long block = fixture.size(1);
        fixture.table.map(block, block, block, USER_RW);
        fixture.table.protect(0, 3 * block - 1, READ | WRITE | EXECUTE | USER, fixture.leaves());
        assertThat(fixture.mappings()).singleElement().satisfies(leaf -> {
            assertThat(leaf.level()).isEqualTo(1);
            assertThat(leaf.attributes()).isEqualTo(USER_RW | EXECUTE);
        });
    }

    @ParameterizedTest
    @MethodSource("formats")
    void ranges_that_cut_a_block_are_refused_and_change_nothing(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        long page = fixture.page();
        long block = fixture.size(1);
        fixture.table.map(0, 0, 3 * block, USER_RW);
        long[] before = fixture.memory.snapshot();
        long[][] cutting = {
            {0, page - 1}, {page, block - 1}, {page, 2 * page - 1}, {page, 3 * block - 1}, {0, 3 * block - page - 1}
        };
        for (long[] range : cutting) {
            assertThatThrownBy(() -> fixture.table.unmap(range[0], range[1], fixture.leaves(), fixture.tables()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("split it first");
            assertThatThrownBy(() -> fixture.table.breakRange(range[0], range[1], fixture.leaves()))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> fixture.table.protect(range[0], range[1], READ, fixture.leaves()))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> fixture.table.clear(range[0], range[1], DIRTY, fixture.leaves()))
                    .isInstanceOf(IllegalStateException.class);
        }
        assertThat(fixture.memory.snapshot()).isEqualTo(before);
        assertThat(fixture.changed).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void ranges_of_addresses_that_are_not_legal_are_refused(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        long page = fixture.page();
        long[][] bad = {
            {1, page - 1},
            {0, page},
            {page, page - 1},
            {2 * page, page - 1},
            {0, -1},
            {format.lowLast() + 1, format.lowLast() + page},
            {format.lowLast() + 1 - page, format.lowLast() + page}
        };
        for (long[] range : bad) {
            assertThatThrownBy(() -> fixture.table.unmap(range[0], range[1], fixture.leaves(), fixture.tables()))
                    .as("0x%x … 0x%x", range[0], range[1])
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void only_rights_can_be_protected_and_only_marks_marked(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        long last = fixture.page() - 1;
        fixture.table.map(0, 0, fixture.page(), USER_RW);
        assertThatThrownBy(() -> fixture.table.protect(0, last, READ | DIRTY, fixture.leaves()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> fixture.table.protect(0, last, WRITE, fixture.leaves()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> fixture.table.mark(0, last, WRITE, fixture.leaves()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> fixture.table.clear(0, last, WRITE, fixture.leaves()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(fixture.changed).isEmpty();
    }

    @Test
    void marks_are_set_and_cleared_where_hardware_keeps_them() {
        for (PageTableFormat format : List.of(X86_64.FOUR_LEVELS, new Vmsav8_64(Granule.SIZE_4K, 16, 48, 0, true))) {
            Fixture fixture = new Fixture(format);
            fixture.table.map(0, 0, 0x1000, READ | WRITE | USER);
            assertThat(fixture.table.lookup(0).attributes()).isEqualTo(READ | WRITE | USER);
            fixture.table.mark(0, 0xFFF, ACCESSED, fixture.leaves());
            assertThat(fixture.table.lookup(0).attributes()).isEqualTo(READ | WRITE | USER | ACCESSED);
            fixture.table.mark(0, 0xFFF, ACCESSED | DIRTY, fixture.leaves());
            assertThat(fixture.table.lookup(0).attributes()).isEqualTo(USER_RW);
            fixture.table.clear(0, 0xFFF, ACCESSED, fixture.leaves());
            assertThat(fixture.table.lookup(0).attributes()).isEqualTo(READ | WRITE | USER | DIRTY);
            fixture.table.clear(0, 0xFFF, DIRTY, fixture.leaves());
            assertThat(fixture.table.lookup(0).attributes()).isEqualTo(READ | WRITE | USER);
            assertThat(fixture.changed).hasSize(4);
        }
    }

    @Test
    void where_writable_implies_dirty_clearing_it_changes_nothing() {
        Fixture fixture = new Fixture(Vmsav8_64.LINUX_4K);
        fixture.table.map(0, 0, 0x1000, USER_RW);
        fixture.table.clear(0, 0xFFF, DIRTY, fixture.leaves());
        assertThat(fixture.table.lookup(0).attributes()).isEqualTo(USER_RW);
        assertThat(fixture.changed).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void destroy_hands_out_every_table_the_top_one_last(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        fixture.table.map(0, 0, fixture.page(), USER_RW);
        fixture.table.map(fixture.size(format.topLevel()), 0, fixture.page(), USER_RO);
        fixture.table.map(4 * fixture.size(1), 0, fixture.size(1), USER_RO);
        long[] before = fixture.memory.snapshot();
        fixture.table.destroy((pa, log2Size) -> {
            fixture.reclaimed.add(pa);
            fixture.frames.free(pa, log2Size);
        });
        assertThat(fixture.frames.blocksInUse()).isZero();
        assertThat(fixture.reclaimed).endsWith(fixture.table.root());
        assertThat(fixture.memory.snapshot()).as("nothing is written").isEqualTo(before);
    }

    @Test
    void after_destroy_every_change_is_refused() {
        Fixture fixture = new Fixture(X86_64.FOUR_LEVELS);
        fixture.table.destroy((pa, log2Size) -> {});
        assertThatThrownBy(() -> fixture.table.map(0, 0, 0x1000, USER_RW)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> fixture.unmap(0, 0x1000)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> fixture.table.destroy((pa, log2Size) -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("destroyed");
    }
}
