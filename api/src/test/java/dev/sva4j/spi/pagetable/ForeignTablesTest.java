package dev.sva4j.spi.pagetable;

import static dev.sva4j.spi.pagetable.Rights.READ;
import static dev.sva4j.spi.pagetable.Rights.USER;
import static dev.sva4j.spi.pagetable.Rights.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.pagetable.Vmsav8_64.Granule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rules of {@link PageTableReader} for tables that someone else wrote, and perhaps wrongly. */
@Timeout(20)
class ForeignTablesTest {
    private static final long BASE = 0x1000000L;
    private static final X86_64 X86 = X86_64.FOUR_LEVELS;

    private final ArrayMemory memory = new ArrayMemory(BASE, 0x10000);

    private static long frame(int number) {
        return BASE + number * 0x1000L;
    }

    private void link(int level, int from, int index, int to) {
        memory.store(frame(from) + 8L * index, X86.tableEntry(level, frame(to)));
    }

    /** Collects what is visited, one line each. */
    private static class Log implements PageTableVisitor {
        final List<String> lines = new ArrayList<>();

        @Override
        public void leaf(Mapping leaf) {
            lines.add(String.format("leaf 0x%x -> 0x%x", leaf.va(), leaf.oa()));
        }

        @Override
        public void notInMemory(int level, long start, long last, long tableAddress) {
            lines.add(String.format("missing level %d 0x%x-0x%x at 0x%x", level, start, last, tableAddress));
        }
    }

    @Test
    void a_table_that_points_to_itself_ends_the_walk_with_one_clear_error() {
        link(3, 0, 0x1ED, 0);
        PageTableReader reader = new PageTableReader(X86, memory, frame(0));
        assertThatThrownBy(() -> reader.visit(0, -1, new Log()))
                .isInstanceOf(MalformedPageTableException.class)
                .hasMessageContaining("circle")
                .hasMessageContaining("entry 0x1000f68")
                .satisfies(thrown -> assertThat(((MalformedPageTableException) thrown).tableAddress())
                        .isEqualTo(frame(0)));
    }

    @Test
    void tables_that_point_to_each_other_are_a_circle_too() {
        link(3, 0, 0, 1);
        link(2, 1, 5, 2);
        link(1, 2, 7, 1);
        PageTableReader reader = new PageTableReader(X86, memory, frame(0));
        assertThatThrownBy(() -> reader.visit(0, -1, new Log())).isInstanceOf(MalformedPageTableException.class);
    }

    @Test
    void a_visitor_that_tolerates_circles_sees_everything_else() {
        link(3, 0, 0, 1);
        link(3, 0, 0x1ED, 0);
        memory.store(frame(1) + 8, X86.leafEntry(2, 1L << 30, READ));
        memory.store(frame(0) + 8 * 0x1FF, X86.tableEntry(3, frame(1)));
        Log log = new Log() {
            @Override
            public void loop(int level, long va, long entryAddress, long tableAddress) {
                lines.add(String.format("loop level %d 0x%x", level, va));
            }
        };
        new PageTableReader(X86, memory, frame(0)).visit(0, -1, log);
        assertThat(log.lines)
                .containsExactly(
                        "leaf 0x40000000 -> 0x40000000",
                        "loop level 3 0xfffff68000000000",
                        "leaf 0xffffff8040000000 -> 0x40000000");
    }

    @Test
    void tables_shared_so_often_that_they_never_end_are_cut_off_by_a_bound() {
        for (int level = 3; level > 0; level--) {
            for (int i = 0; i < 512; i++) {
                link(level, 3 - level, i, 4 - level);
            }
        }
        PageTableReader reader = new PageTableReader(X86, memory, frame(0));
        assertThatThrownBy(() -> reader.visit(0, -1, leaf -> {}))
                .isInstanceOf(MalformedPageTableException.class)
                .hasMessageContaining("more than are plausible");
        assertThatThrownBy(() -> reader.visit(0, -1, 3, leaf -> {}))
                .isInstanceOf(MalformedPageTableException.class)
                .hasMessageContaining("3 tables");
    }

    @Test
    void a_table_outside_of_memory_is_reported_with_what_it_would_have_mapped() {
        link(3, 0, 1, 1);
        link(2, 1, 2, 0x4000);
        link(2, 1, 3, 2);
        memory.store(frame(2), X86.leafEntry(1, 0x200000L, READ));
        Log log = new Log();
        PageTableReader reader = new PageTableReader(X86, memory, frame(0));
        reader.visit(0, -1, log);
        assertThat(log.lines)
                .containsExactly(
                        "missing level 1 0x8080000000-0x80bfffffff at 0x5000000", "leaf 0x80c0000000 -> 0x200000");
        assertThatThrownBy(() -> reader.lookup(0x8080000000L))
                .isInstanceOf(MemoryAbortException.class)
                .satisfies(thrown ->
                        assertThat(((MemoryAbortException) thrown).address()).isEqualTo(0x5000000L));
    }

    @Test
    void a_top_table_outside_of_memory_leaves_both_halves_unknown() {
        Log log = new Log();
        new PageTableReader(X86, memory, 0x2000000).visit(0, -1, log);
        assertThat(log.lines)
                .containsExactly(
                        "missing level 3 0x0-0x7fffffffffff at 0x2000000",
                        "missing level 3 0xffff800000000000-0xffffffffffffffff at 0x2000000");
    }

    @Test
    void a_table_larger_than_a_page_may_be_there_in_part() {
        Vmsav8_64 format = new Vmsav8_64(Granule.SIZE_16K, 28, 48, 0, false);
        ArrayMemory half = new ArrayMemory(BASE, 0x2000);
        half.store(BASE + 8, format.leafEntry(1, 0, READ));
        Log log = new Log();
        new PageTableReader(format, half, BASE).visit(0, -1, log);
        assertThat(log.lines)
                .containsExactly(
                        "leaf 0x2000000 -> 0x0",
                        "missing level 1 0x800000000-0xbffffffff at 0x1000000",
                        "missing level 1 0xc00000000-0xfffffffff at 0x1000000");
    }

    @Test
    void a_visit_passes_over_what_is_out_of_range_and_reports_cut_leaves_whole() {
        link(3, 0, 0, 1);
        link(2, 1, 0, 2);
        for (int i = 0; i < 4; i++) {
            memory.store(frame(2) + 8L * i, X86.leafEntry(1, i * 0x200000L, READ));
        }
        Log log = new Log();
        new PageTableReader(X86, memory, frame(0)).visit(0x3FFFFF, 0x400000, log);
        assertThat(log.lines).containsExactly("leaf 0x200000 -> 0x200000", "leaf 0x400000 -> 0x400000");
        Log none = new Log();
        new PageTableReader(X86, memory, frame(0)).visit(0x800000, 0xFFFF7FFFFFFFFFFFL, none);
        assertThat(none.lines).isEmpty();
        assertThatThrownBy(() -> new PageTableReader(X86, memory, frame(0)).visit(1, 0, none))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void rights_taken_away_above_are_missing_below() {
        memory.store(frame(0), X86.tableEntry(3, frame(1)) & ~X86_64Layout.US.mask());
        memory.store(frame(1), X86.tableEntry(2, frame(2)) & ~X86_64Layout.RW.mask());
        memory.store(frame(2), X86.leafEntry(1, 0, READ | WRITE | USER));
        PageTableReader reader = new PageTableReader(X86, memory, frame(0));
        assertThat(reader.lookup(0).attributes()).isEqualTo(READ);
        reader.visit(0, 0, leaf -> assertThat(leaf.attributes()).isEqualTo(READ));
    }

    @Test
    void a_top_table_must_be_aligned() {
        assertThatThrownBy(() -> new PageTableReader(X86, memory, BASE + 8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("aligned to 0x1000");
        // A start table of 16 entries needs no more than 128 bytes.
        Vmsav8_64 small = new Vmsav8_64(Granule.SIZE_4K, 39, 48, 0, false);
        assertThat(new PageTableReader(small, memory, BASE + 0x80).lookup(0)).isNull();
        assertThatThrownBy(() -> new PageTableReader(small, memory, BASE + 0x40))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // What only other formats can do.

    private final SkippingFormat skipping = new SkippingFormat();

    @Test
    void levels_can_be_skipped_where_the_skipped_address_bits_are_zero() {
        memory.store(frame(0), skipping.tableEntry(5, frame(1), 1));
        memory.store(frame(1) + 8, skipping.leafEntry(1, 0x600000, READ));
        PageTableReader reader = new PageTableReader(skipping, memory, frame(0));
        assertThat(reader.lookup(0x2ABCDE).translate(0x2ABCDE)).isEqualTo(0x6ABCDE);
        assertThat(reader.lookup(0x40000000L + 0x200000)).isNull();
        Log log = new Log();
        reader.visit(0, -1, log);
        assertThat(log.lines).containsExactly("leaf 0x200000 -> 0x600000");
        Log beyond = new Log();
        reader.visit(0x40000000L, -1, beyond);
        assertThat(beyond.lines).isEmpty();
    }

    @Test
    void an_entry_that_leads_up_is_malformed() {
        memory.store(frame(0), skipping.tableEntry(5, frame(1), 2));
        memory.store(frame(1), skipping.tableEntry(2, frame(2), 2));
        PageTableReader reader = new PageTableReader(skipping, memory, frame(0));
        assertThatThrownBy(() -> reader.lookup(0)).isInstanceOf(MalformedPageTableException.class);
        assertThatThrownBy(() -> reader.visit(0, -1, new Log())).isInstanceOf(MalformedPageTableException.class);
    }

    @Test
    void a_repeated_leaf_is_found_once_per_entry_with_its_share() {
        memory.store(frame(0), skipping.tableEntry(5, frame(1), 0));
        for (int i = 8; i < 16; i++) {
            memory.store(frame(1) + 8L * i, skipping.repeatedLeaf(0xABCC8000L, 15, READ | WRITE));
        }
        PageTableReader reader = new PageTableReader(skipping, memory, frame(0));
        Mapping share = reader.lookup(0xB345);
        assertThat(share.translate(0xB345)).isEqualTo(0xABCCB345L);
        assertThat(share.shift()).isEqualTo(12);
        assertThat(skipping.leafShift(0, share.entry())).isEqualTo(15);
        Log log = new Log();
        reader.visit(0, -1, log);
        assertThat(log.lines).hasSize(8).startsWith("leaf 0x8000 -> 0xabcc8000").endsWith("leaf 0xf000 -> 0xabccf000");
    }
}
