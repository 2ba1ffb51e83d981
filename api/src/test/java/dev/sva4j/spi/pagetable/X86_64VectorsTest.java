package dev.sva4j.spi.pagetable;

import static dev.sva4j.spi.pagetable.Attributes.ACCESSED;
import static dev.sva4j.spi.pagetable.Attributes.DIRTY;
import static dev.sva4j.spi.pagetable.Attributes.GLOBAL;
import static dev.sva4j.spi.pagetable.Rights.EXECUTE;
import static dev.sva4j.spi.pagetable.Rights.READ;
import static dev.sva4j.spi.pagetable.Rights.USER;
import static dev.sva4j.spi.pagetable.Rights.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/**
 * Vectors of reference/amd-vi.md §12.6 and reference/vt-d.md §11 (V13 to V16), and words that Linux writes for a
 * process.
 */
class X86_64VectorsTest {
    private static final X86_64 FORMAT = X86_64.FOUR_LEVELS;
    private static final X86_64 HAW46 = new X86_64(4, 46, true);
    private static final long VA = 0x7F1234567ABCL;
    private static final int USER_RW = READ | WRITE | USER;

    private static ArrayMemory memory(long base, long length, long... addressesAndWords) {
        ArrayMemory memory = new ArrayMemory(base, length);
        for (int i = 0; i < addressesAndWords.length; i += 2) {
            memory.store(addressesAndWords[i], addressesAndWords[i + 1]);
        }
        return memory;
    }

    // Words.

    @Test
    void a_user_page_is_what_linux_writes() {
        assertThat(FORMAT.leafEntry(0, 0xABCDE000L, Attributes.installed(USER_RW)))
                .isEqualTo(0x80000000abcde067L);
        assertThat(FORMAT.leafEntry(0, 0xABCDE000L, Attributes.installed(READ | USER)))
                .isEqualTo(0x80000000abcde025L);
        assertThat(FORMAT.leafEntry(0, 0xABCDE000L, Attributes.installed(READ | EXECUTE | USER)))
                .isEqualTo(0x00000000abcde025L);
        assertThat(FORMAT.leafEntry(1, 0xC0000000L, Attributes.installed(USER_RW | EXECUTE)))
                .isEqualTo(0x00000000c00000e7L);
        assertThat(FORMAT.leafEntry(2, 0x140000000L, Attributes.installed(READ | USER | EXECUTE)))
                .isEqualTo(0x00000001400000a5L);
    }

    @Test
    void a_table_pointer_is_what_linux_writes() {
        assertThat(FORMAT.tableEntry(3, 0x108424000L)).isEqualTo(0x0000000108424067L);
    }

    @Test
    void accessed_and_dirty_can_be_left_to_hardware() {
        assertThat(FORMAT.leafEntry(0, 0x2ABCDE000L, USER_RW | EXECUTE)).isEqualTo(0x00000002abcde007L);
        assertThat(FORMAT.leafAttributes(0, 0x00000002abcde027L)).isEqualTo(USER_RW | EXECUTE | ACCESSED);
        assertThat(FORMAT.leafAttributes(0, 0x00000002abcde067L)).isEqualTo(USER_RW | EXECUTE | ACCESSED | DIRTY);
        assertThat(FORMAT.withoutAccessed(0, 0x00000002abcde067L)).isEqualTo(0x00000002abcde047L);
        assertThat(FORMAT.withoutDirty(0, 0x00000002abcde067L)).isEqualTo(0x00000002abcde027L);
        assertThat(FORMAT.leafEntry(0, 0, READ | GLOBAL)).isEqualTo(0x8000000000000101L);
    }

    @Test
    void changing_attributes_leaves_software_bits_memory_type_and_protection_key() {
        long entry = 0x7FF0_0000_abcd_ee9fL;
        assertThat(FORMAT.withAttributes(0, entry, READ)).isEqualTo(0xFFF0_0000_abcd_ee99L);
    }

    @Test
    void a_present_page_is_readable_or_not_present() {
        assertThatThrownBy(() -> FORMAT.leafEntry(0, 0, WRITE | USER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs r---");
    }

    @Test
    void parameters_out_of_range_are_refused() {
        assertThatThrownBy(() -> new X86_64(3, 52, true)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new X86_64(4, 53, true)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new X86_64(4, 31, true)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new X86_64(5, 32, true).name()).isEqualTo("x86-64 5-level");
    }

    @Test
    void a_layout_describes_each_kind_of_entry() {
        assertThat(X86_64Layout.of(3, 0x83)).isSameAs(X86_64Layout.TABLE);
        assertThat(X86_64Layout.of(2, 0x83)).isSameAs(X86_64Layout.LEAF_1G);
        assertThat(X86_64Layout.of(2, 0x03)).isSameAs(X86_64Layout.TABLE);
        assertThat(X86_64Layout.of(1, 0x83)).isSameAs(X86_64Layout.LEAF_2M);
        assertThat(X86_64Layout.of(0, 0x83)).isSameAs(X86_64Layout.LEAF_4K);
    }

    // amd-vi.md §12.6.

    private static PageTableReader amd() {
        ArrayMemory memory = memory(
                0x108423000L,
                0x4000,
                0x1084237F0L,
                0x0000000108424007L,
                0x108424240L,
                0x0000000108425007L,
                0x108424248L,
                0x0000000140000087L,
                0x108425D10L,
                0x0000000108426007L,
                0x108425D18L,
                0x00000000c0000087L,
                0x108426B38L,
                0x80000000abcde007L,
                0x108426B40L,
                0x80000000abcdf005L);
        return new PageTableReader(FORMAT, memory, 0x108423000L);
    }

    private static void assertTranslates(PageTableReader reader, long va, long pa, int shift) {
        Mapping mapping = reader.lookup(va);
        assertThat(mapping).isNotNull();
        assertThat(mapping.translate(va)).isEqualTo(pa);
        assertThat(mapping.shift()).isEqualTo(shift);
    }

    @Test
    void amd_guest_walk_finds_leaves_of_all_sizes() {
        assertTranslates(amd(), VA, 0xABCDEABCL, 12);
        assertTranslates(amd(), 0x7F1234612345L, 0xC0012345L, 21);
        assertTranslates(amd(), 0x7F1241234567L, 0x141234567L, 30);
    }

    @Test
    void amd_guest_walk_finds_rights() {
        assertThat(amd().lookup(VA).attributes()).isEqualTo(USER_RW);
        assertThat(amd().lookup(0x7F1234568ABCL).attributes()).isEqualTo(READ | USER);
    }

    @Test
    void amd_guest_walk_ends_where_nothing_is_mapped_or_the_address_is_not_canonical() {
        assertThat(amd().lookup(0x7F1234569000L)).isNull();
        assertThat(amd().lookup(0x0000800000000000L)).isNull();
    }

    @Test
    void amd_guest_walk_of_five_levels() {
        ArrayMemory memory = memory(
                0x300001000L,
                0x5000,
                0x3000017F0L,
                0x0000000300002007L,
                0x300002DC8L,
                0x0000000300003007L,
                0x300003750L,
                0x0000000300004007L,
                0x300004618L,
                0x0000000300005007L,
                0x300005B28L,
                0x0000000055555027L);
        PageTableReader reader = new PageTableReader(X86_64.FIVE_LEVELS, memory, 0x300001000L);
        assertTranslates(reader, 0x00FEDCBA98765432L, 0x55555432L, 12);
    }

    // vt-d.md V13 to V16.

    private static PageTableReader vtd(X86_64 format, long pdpe, long pde, long pte) {
        ArrayMemory memory = memory(
                0x10040000L,
                0x5000,
                0x100407f0L,
                0x0000000010041007L,
                0x10041240L,
                pdpe,
                0x10042d10L,
                pde,
                0x10043b38L,
                pte,
                0x10044558L,
                0x0000000010040007L);
        return new PageTableReader(format, memory, format.levels() == 5 ? 0x10044000L : 0x10040000L);
    }

    private static final long PDPE = 0x0000000010042007L;
    private static final long PDE = 0x0000000010043007L;

    @Test
    void v13_four_levels() {
        assertTranslates(vtd(HAW46, PDPE, PDE, 0x00000002abcde007L), VA, 0x2ABCDEABCL, 12);
    }

    @Test
    void v14_rights_are_the_conjunction_over_all_levels() {
        assertThat(vtd(HAW46, PDPE, PDE, 0x00000002abcde005L).lookup(VA).has(WRITE))
                .isFalse();
        assertThat(vtd(HAW46, PDPE, 0x0000000010043005L, 0x00000002abcde007L)
                        .lookup(VA)
                        .attributes())
                .isEqualTo(READ | USER | EXECUTE);
        assertThat(vtd(HAW46, PDPE, PDE, 0x00000002abcde003L).lookup(VA).has(USER))
                .isFalse();
        assertThat(vtd(HAW46, PDPE & ~4L, PDE, 0x00000002abcde007L).lookup(VA).has(USER))
                .isFalse();
        assertThat(vtd(HAW46, PDPE | 1L << 63, PDE, 0x00000002abcde007L)
                        .lookup(VA)
                        .has(EXECUTE))
                .isFalse();
        assertThat(vtd(HAW46, PDPE, PDE, 0x80000002abcde007L).lookup(VA).attributes())
                .isEqualTo(USER_RW);
    }

    @Test
    void v14_entries_that_are_not_present_or_have_reserved_bits_map_nothing() {
        assertThat(vtd(HAW46, PDPE, PDE, 0x00000002abcde000L).lookup(VA)).isNull();
        assertThat(vtd(HAW46, PDPE, PDE, 0x00008002abcde007L).lookup(VA)).isNull();
        assertThat(vtd(FORMAT, PDPE, PDE, 0x00008002abcde007L).lookup(VA)).isNotNull();
    }

    @Test
    void v15_large_leaves() {
        assertTranslates(vtd(HAW46, PDPE, 0x0000000140000087L, 0), VA, 0x140167ABCL, 21);
        assertThat(vtd(HAW46, PDPE, 0x0000000140002087L, 0).lookup(VA)).isNull();
        // Bit 12 is PAT there, not an address bit.
        assertTranslates(vtd(HAW46, PDPE, 0x0000000140001087L, 0), VA, 0x140167ABCL, 21);
        assertTranslates(vtd(HAW46, 0x0000000240000087L, 0, 0), VA, 0x274567ABCL, 30);
        assertThat(vtd(new X86_64(4, 46, false), 0x0000000240000087L, 0, 0).lookup(VA))
                .isNull();
    }

    @Test
    void v15_page_size_is_reserved_above() {
        assertThat(HAW46.isPresent(3, 0x0000000010041087L)).isFalse();
        assertThat(X86_64.FIVE_LEVELS.isPresent(4, 0x0000000010041087L)).isFalse();
    }

    @Test
    void v16_canonical_addresses() {
        for (long va : new long[] {0x0000800000000000L, 0xffff7fffffffffffL, 0x00ff123456789000L}) {
            assertThat(X86_64.FOUR_LEVELS.isLegal(va)).isFalse();
            assertThat(X86_64.FIVE_LEVELS.isLegal(va)).isTrue();
        }
        assertThat(X86_64.FOUR_LEVELS.isLegal(0xffff800000000000L)).isTrue();
        assertThat(X86_64.FIVE_LEVELS.isLegal(0xffff800000000000L)).isTrue();
    }

    @Test
    void v16_five_levels() {
        PageTableReader reader = vtd(new X86_64(5, 46, true), PDPE, PDE, 0x00000002abcde007L);
        assertTranslates(reader, 0x00AB7F1234567ABCL, 0x2ABCDEABCL, 12);
    }
}
