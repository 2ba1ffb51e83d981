package dev.sva4j.spi.pagetable;

import static dev.sva4j.spi.pagetable.Fixture.USER_RO;
import static dev.sva4j.spi.pagetable.Fixture.USER_RW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules of {@link PageTable#map} and {@link PageTable#create}. */
class PageTableMapTest {

    static List<PageTableFormat> formats() {
        return Formats.engine();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void a_new_table_is_one_frame_and_maps_nothing(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        assertThat(fixture.frames.blocksInUse()).isEqualTo(1);
        assertThat(fixture.mappings()).isEmpty();
        assertThat(fixture.table.lookup(0)).isNull();
        assertThat(fixture.table.lookup(format.lowLast())).isNull();
    }

    @Test
    void no_frame_for_the_top_table_gives_no_table() {
        ArrayMemory memory = new ArrayMemory(0, 4096);
        TestFrames frames = new TestFrames(memory, 0, 1);
        frames.remaining = 0;
        assertThat(PageTable.create(X86_64.FOUR_LEVELS, memory, frames)).isNull();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void the_first_and_the_last_page_can_be_mapped(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        long lastPage = format.lowLast() & -fixture.page();
        long highest = Bits.low(format.oaBits()) & -fixture.page();
        assertThat(fixture.table.map(0, highest, fixture.page(), USER_RW)).isTrue();
        assertThat(fixture.table.map(lastPage, 0, fixture.page(), USER_RO)).isTrue();
        assertThat(fixture.table.lookup(0).translate(0x123)).isEqualTo(highest | 0x123);
        assertThat(fixture.table.lookup(format.lowLast()).oa()).isZero();
        assertThat(fixture.table.lookup(fixture.page())).isNull();
        assertThat(fixture.table.lookup(lastPage - 1)).isNull();
    }

    @Test
    void the_high_half_is_a_place_like_any_other() {
        Fixture fixture = new Fixture(X86_64.FOUR_LEVELS);
        long lastPage = -0x1000L;
        assertThat(fixture.table.map(lastPage, 0x5000, 0x1000, Rights.READ)).isTrue();
        assertThat(fixture.table.lookup(-1L).translate(-1L)).isEqualTo(0x5FFF);
        assertThat(fixture.mappings()).singleElement().satisfies(leaf -> {
            assertThat(leaf.va()).isEqualTo(lastPage);
            assertThat(leaf.last()).isEqualTo(-1L);
        });
        fixture.unmap(lastPage, 0x1000);
        assertThat(fixture.reachableTables()).hasSize(1);
    }

    @Test
    void all_64_bits_of_an_address_can_be_mapped() {
        Fixture fixture = new Fixture(new SkippingFormat());
        int attributes = Rights.READ | Rights.WRITE;
        assertThat(fixture.table.map(0x8000_0000_0000_0000L, 0x5000, 0x1000, attributes))
                .isTrue();
        assertThat(fixture.table.map(-0x20_0000L, 0x20_0000L, 0x20_0000L, attributes))
                .isTrue();
        assertThat(fixture.mappings()).extracting(Mapping::va).containsExactly(0x8000_0000_0000_0000L, -0x20_0000L);
        assertThat(fixture.table.lookup(-1).translate(-1)).isEqualTo(0x3F_FFFF);
        fixture.table.unmap(0, -1, fixture.leaves(), fixture.tables());
        assertThat(fixture.changed).hasSize(2);
        assertThat(fixture.reachableTables()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void the_largest_leaves_that_fit_are_used(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        long page = fixture.page();
        long block = fixture.size(1);
        // One page before a block boundary, two blocks, three pages after.
        long va = 5 * block - page;
        assertThat(fixture.table.map(va, 9 * block - page, 2 * block + 4 * page, USER_RW))
                .isTrue();
        assertThat(fixture.mappings()).extracting(Mapping::level).containsExactly(0, 1, 1, 0, 0, 0);
        assertThat(fixture.mappings())
                .allSatisfy(leaf -> assertThat(leaf.oa() - leaf.va()).isEqualTo(4 * block));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void an_output_address_that_is_not_aligned_to_a_block_takes_pages(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        fixture.table.map(0, fixture.page(), fixture.size(1), USER_RW);
        assertThat(fixture.mappings()).hasSize(1 << format.indexBits(0)).allMatch(leaf -> leaf.level() == 0);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void the_cap_limits_the_leaf_size(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        fixture.table.map(0, 0, fixture.size(1), USER_RW, format.pageShift());
        assertThat(fixture.mappings()).allMatch(leaf -> leaf.level() == 0);
        long there = 2 * fixture.size(1);
        fixture.table.map(there, there, fixture.size(1), USER_RW, format.indexShift(1));
        assertThat(fixture.table.lookup(there).level()).isEqualTo(1);
    }

    @Test
    void gigabyte_leaves_are_used_where_the_format_has_them() {
        long gigabyte = 1L << 30;
        Fixture with = new Fixture(X86_64.FOUR_LEVELS);
        with.table.map(gigabyte, 4 * gigabyte, gigabyte, USER_RW);
        assertThat(with.table.lookup(gigabyte).shift()).isEqualTo(30);
        Fixture without = new Fixture(new X86_64(4, 46, false));
        without.table.map(gigabyte, 4 * gigabyte, gigabyte, USER_RW);
        assertThat(without.table.lookup(gigabyte).shift()).isEqualTo(21);
        Fixture capped = new Fixture(X86_64.FOUR_LEVELS);
        capped.table.map(gigabyte, 4 * gigabyte, gigabyte, USER_RW, 29);
        assertThat(capped.table.lookup(gigabyte).shift()).isEqualTo(21);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void a_table_in_the_place_of_a_block_is_kept_even_if_empty(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        fixture.table.map(0, 0, fixture.page(), USER_RW);
        fixture.table.breakRange(0, fixture.page() - 1, fixture.leaves());
        fixture.table.map(0, 0, fixture.size(1), USER_RW);
        assertThat(fixture.table.lookup(0).level()).isZero();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void mapping_over_a_mapping_is_refused_and_changes_nothing(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        long page = fixture.page();
        long block = fixture.size(1);
        fixture.table.map(block, block, block, USER_RW);
        fixture.table.map(3 * block + 7 * page, 0, page, USER_RW);
        long[] before = fixture.memory.snapshot();
        int inUse = fixture.frames.blocksInUse();
        long[][] overlapping = {
            {block, block}, {block + 3 * page, page}, {0, 4 * block}, {3 * block, block}, {3 * block + 7 * page, page}
        };
        for (long[] range : overlapping) {
            assertThatThrownBy(() -> fixture.table.map(range[0], 0, range[1], USER_RO))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("mapped already");
        }
        assertThat(fixture.memory.snapshot()).isEqualTo(before);
        assertThat(fixture.frames.blocksInUse()).isEqualTo(inUse);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void bad_arguments_are_refused_before_anything_is_written(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        long page = fixture.page();
        long[] before = fixture.memory.snapshot();
        long beyond = format.lowLast() + 1;
        long[][] vaOaSize = {
            {1, 0, page},
            {0, 1, page},
            {0, 0, page - 1},
            {0, 0, 0},
            {page, 0, 0},
            {page, 0, -page},
            {beyond, 0, page},
            {beyond - page, 0, 2 * page},
            {0, 1L << format.oaBits(), page},
            {0, Bits.low(format.oaBits()) & -page, 2 * page},
            {0, -page, 2 * page},
        };
        for (long[] bad : vaOaSize) {
            assertThatThrownBy(() -> fixture.table.map(bad[0], bad[1], bad[2], USER_RW))
                    .as("va 0x%x oa 0x%x size 0x%x", bad[0], bad[1], bad[2])
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> fixture.table.map(0, 0, page, Rights.WRITE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> fixture.table.map(0, 0, page, USER_RW, format.pageShift() - 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(fixture.memory.snapshot()).isEqualTo(before);
        assertThat(fixture.frames.blocksInUse()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void out_of_frames_at_any_allocation_leaves_the_tree_and_the_allocator_as_they_were(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        long block = fixture.size(1);
        fixture.table.map(0, 0, fixture.page(), USER_RW);
        // From within one upper-level table into the next, with pages at both ends: every level lacks something.
        long top = fixture.size(format.topLevel());
        long start = format.levels() > 2 ? top - 2 * block + fixture.page() : block + fixture.page();
        long size = format.levels() > 2 ? 4 * block : block;
        long[] before = fixture.memory.snapshot();
        int inUse = fixture.frames.blocksInUse();
        int refusals = 0;
        fixture.frames.remaining = 0;
        while (!fixture.table.map(start, fixture.page(), size, USER_RW)) {
            assertThat(fixture.memory.snapshot()).isEqualTo(before);
            assertThat(fixture.frames.blocksInUse()).isEqualTo(inUse);
            refusals++;
            fixture.frames.remaining = refusals;
        }
        assertThat(refusals).isEqualTo(fixture.frames.blocksInUse() - inUse).isGreaterThan(1);
        assertThat(fixture.table.lookup(start).translate(start)).isEqualTo(fixture.page());
    }
}
