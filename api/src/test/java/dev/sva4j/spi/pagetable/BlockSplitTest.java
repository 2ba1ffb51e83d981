package dev.sva4j.spi.pagetable;

import static dev.sva4j.spi.pagetable.Fixture.USER_RO;
import static dev.sva4j.spi.pagetable.Fixture.USER_RW;
import static dev.sva4j.spi.pagetable.Rights.READ;
import static dev.sva4j.spi.pagetable.Rights.USER;
import static dev.sva4j.spi.pagetable.Rights.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.spi.pagetable.Fixture.Changed;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules of {@link PageTable#split} and {@link BlockSplit}. */
class BlockSplitTest {
    private static final long GIGABYTE = 1L << 30;

    static List<PageTableFormat> formats() {
        return Formats.engine();
    }

    static Stream<PageTableFormat> formatsWithGigabyteLeaves() {
        return formats().stream().filter(format -> format.canBeLeaf(2) && format.levels() > 2);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void a_range_that_cuts_no_block_needs_no_split(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        long block = fixture.size(1);
        fixture.table.map(0, 0, block, USER_RW);
        long[] before = fixture.memory.snapshot();
        fixture.frames.remaining = 0;
        BlockSplit whole = fixture.table.split(0, block - 1, fixture.leaves());
        BlockSplit wider = fixture.table.split(0, 2 * block - 1, fixture.leaves());
        BlockSplit hole = fixture.table.split(block, 2 * block - 1, fixture.leaves());
        assertThat(List.of(whole, wider, hole)).allMatch(BlockSplit::isEmpty);
        whole.finish();
        assertThat(fixture.memory.snapshot()).isEqualTo(before);
        assertThat(fixture.changed).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void between_the_steps_the_whole_block_is_unmapped_and_then_every_page_maps_what_the_block_did(
            PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        long page = fixture.page();
        long block = fixture.size(1);
        fixture.table.map(block, 3 * block, block, USER_RW);
        long oldEntry = fixture.table.lookup(block).entry();
        BlockSplit split = fixture.table.split(block + page, block + 3 * page - 1, fixture.leaves());
        assertThat(split.isEmpty()).isFalse();
        assertThat(fixture.changed).containsExactly(new Changed(block, 1, oldEntry));
        assertThat(fixture.mappings()).isEmpty();
        split.finish();
        assertThat(fixture.mappings()).hasSize(1 << format.indexBits(0)).allSatisfy(leaf -> {
            assertThat(leaf.level()).isZero();
            assertThat(leaf.oa() - leaf.va()).isEqualTo(2 * block);
            assertThat(leaf.attributes()).isEqualTo(USER_RW);
        });
        fixture.unmap(block + page, 2 * page);
        assertThat(fixture.table.lookup(block + page)).isNull();
        assertThat(fixture.table.lookup(block + 3 * page)).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void both_ends_of_a_range_may_cut_and_blocks_between_stay(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        long page = fixture.page();
        long block = fixture.size(1);
        fixture.table.map(0, 0, 4 * block, USER_RW);
        BlockSplit split = fixture.table.split(page, 4 * block - page - 1, fixture.leaves());
        assertThat(fixture.changed).extracting(Changed::va).containsExactly(0L, 3 * block);
        split.finish();
        fixture.table.protect(page, 4 * block - page - 1, READ | USER, LeafListener.NONE);
        assertThat(fixture.table.lookup(0).has(WRITE)).isTrue();
        assertThat(fixture.table.lookup(page).has(WRITE)).isFalse();
        assertThat(fixture.table.lookup(2 * block).level()).isEqualTo(1);
        assertThat(fixture.table.lookup(4 * block - page).has(WRITE)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("formatsWithGigabyteLeaves")
    void a_gigabyte_falls_into_as_few_parts_as_will_do(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        fixture.table.map(GIGABYTE, 5 * GIGABYTE, GIGABYTE, USER_RO);
        long cut = GIGABYTE + 5 * 0x200000 + 7 * 0x1000;
        fixture.table.split(cut, cut + 0xFFF, fixture.leaves()).finish();
        assertThat(fixture.mappings())
                .hasSize(511 + 512)
                .allSatisfy(leaf -> assertThat(leaf.oa() - leaf.va()).isEqualTo(4 * GIGABYTE));
        fixture.unmap(cut, 0x1000);
        fixture.unmap(GIGABYTE, cut - GIGABYTE);
        fixture.unmap(cut + 0x1000, 2 * GIGABYTE - cut - 0x1000);
        fixture.freeReclaimed();
        assertThat(fixture.frames.blocksInUse()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("formatsWithGigabyteLeaves")
    void out_of_frames_at_any_allocation_leaves_the_tree_and_the_allocator_as_they_were(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        fixture.table.map(0, 0, 2 * GIGABYTE, USER_RW);
        long[] before = fixture.memory.snapshot();
        int inUse = fixture.frames.blocksInUse();
        for (int granted = 0; granted < 4; granted++) {
            fixture.frames.remaining = granted;
            assertThat(fixture.table.split(0x1000, 2 * GIGABYTE - 0x1001, fixture.leaves()))
                    .isNull();
            assertThat(fixture.memory.snapshot()).isEqualTo(before);
            assertThat(fixture.frames.blocksInUse()).isEqualTo(inUse);
            assertThat(fixture.changed).isEmpty();
        }
        fixture.frames.remaining = 4;
        assertThat(fixture.table.split(0x1000, 2 * GIGABYTE - 0x1001, fixture.leaves()))
                .isNotNull();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void a_range_of_part_pages_or_of_no_addresses_is_not_split(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        long page = fixture.page();
        fixture.table.map(0, 0, fixture.size(1), USER_RW);
        long[][] bad = {{page + 1, 2 * page - 1}, {page, 2 * page}, {page, page - 1}, {page, format.lowLast() + page}};
        for (long[] range : bad) {
            assertThatThrownBy(() -> fixture.table.split(range[0], range[1], fixture.leaves()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(fixture.changed).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void until_a_split_is_finished_its_blocks_cannot_be_touched_but_others_can(PageTableFormat format) {
        Fixture fixture = new Fixture(format);
        long page = fixture.page();
        long block = fixture.size(1);
        fixture.table.map(block, block, block, USER_RW);
        BlockSplit split = fixture.table.split(block + page, block + 2 * page - 1, fixture.leaves());
        assertThatThrownBy(() -> fixture.table.map(block + 8 * page, 0, page, USER_RW))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("being split");
        assertThatThrownBy(() -> fixture.unmap(0, 4 * block)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> fixture.table.protect(2 * block - page, 2 * block - 1, READ, LeafListener.NONE))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> fixture.table.destroy(fixture.tables()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not finished");
        assertThat(fixture.table.map(2 * block, 0, page, USER_RW)).isTrue();
        assertThat(fixture.table.map(block - page, 0, page, USER_RW)).isTrue();
        split.finish();
        assertThatThrownBy(split::finish).isInstanceOf(IllegalStateException.class);
        fixture.unmap(0, 4 * block);
        assertThat(fixture.reachableTables()).hasSize(1);
    }

    @Test
    void a_block_that_becomes_dirty_before_it_is_out_is_dirty_in_all_its_parts() {
        Fixture fixture = new Fixture(X86_64.FOUR_LEVELS);
        fixture.table.map(0, 0, 0x200000, READ | WRITE | USER);
        long entryAddress = fixture.table.lookup(0).entryAddress();
        fixture.memory.beforeCompareAndSet = () -> {
            fixture.memory.beforeCompareAndSet = () -> {};
            fixture.memory.store(entryAddress, fixture.memory.load(entryAddress) | 0x60);
        };
        BlockSplit split = fixture.table.split(0, 0xFFF, fixture.leaves());
        split.finish();
        assertThat(fixture.changed)
                .singleElement()
                .satisfies(one ->
                        assertThat(fixture.format.isDirty(1, one.oldEntry())).isTrue());
        assertThat(fixture.mappings()).hasSize(512).allMatch(leaf -> leaf.has(Attributes.DIRTY | Attributes.ACCESSED));
    }
}
