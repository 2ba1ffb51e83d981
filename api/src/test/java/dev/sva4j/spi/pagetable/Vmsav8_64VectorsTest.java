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

import dev.sva4j.spi.pagetable.Vmsav8_64.Granule;
import org.junit.jupiter.api.Test;

/** Vectors of reference/smmu-v3.md: descriptors P1 to P12 of §12.4, walks W1 to W12 of §12.5. */
class Vmsav8_64VectorsTest {
    private static final Vmsav8_64 FORMAT = Vmsav8_64.LINUX_4K;
    private static final Vmsav8_64 HTTU = new Vmsav8_64(Granule.SIZE_4K, 16, 48, 0, true);
    private static final long PAGE = 0x8ABCD000L;
    private static final int USER_RW = Attributes.installed(READ | WRITE | USER);
    private static final int USER_RO = Attributes.installed(READ | USER);

    // Descriptors.

    @Test
    void p1_a_user_page_for_reading_and_writing() {
        assertThat(FORMAT.leafEntry(0, PAGE, USER_RW)).isEqualTo(0x006000008abcdf43L);
        assertThat(FORMAT.leafAddress(0, 0x006000008abcdf43L)).isEqualTo(PAGE);
        assertThat(FORMAT.leafAttributes(0, 0x006000008abcdf43L)).isEqualTo(USER_RW);
    }

    @Test
    void p2_a_user_page_for_reading_and_one_for_executing() {
        assertThat(FORMAT.leafEntry(0, PAGE, USER_RO)).isEqualTo(0x006000008abcdfc3L);
        assertThat(FORMAT.leafEntry(0, PAGE, USER_RO | EXECUTE)).isEqualTo(0x002000008abcdfc3L);
    }

    @Test
    void p3_a_writable_clean_page_becomes_dirty_by_clearing_ap2() {
        long clean = HTTU.leafEntry(0, PAGE, READ | WRITE | USER | ACCESSED);
        assertThat(clean).isEqualTo(0x006800008abcdfc3L);
        assertThat(HTTU.isDirty(0, clean)).isFalse();
        assertThat(HTTU.leafAttributes(0, 0x006800008abcdf43L)).isEqualTo(USER_RW);
        assertThat(HTTU.withoutDirty(0, 0x006800008abcdf43L)).isEqualTo(clean);
    }

    @Test
    void p4_a_writable_clean_page_without_access_flag() {
        assertThat(HTTU.leafEntry(0, PAGE, READ | WRITE | USER)).isEqualTo(0x006800008abcdbc3L);
        assertThat(HTTU.withoutAccessed(0, 0x006800008abcdfc3L)).isEqualTo(0x006800008abcdbc3L);
    }

    @Test
    void p5_an_access_flag_of_zero_can_be_expressed() {
        assertThat(FORMAT.leafEntry(0, PAGE, READ | WRITE | USER)).isEqualTo(0x006000008abcdb43L);
        assertThat(FORMAT.isAccessed(0, 0x006000008abcdb43L)).isFalse();
    }

    @Test
    void p6_a_privileged_global_page() {
        int attributes = READ | WRITE | ACCESSED | DIRTY | GLOBAL;
        assertThat(FORMAT.leafEntry(0, PAGE, attributes)).isEqualTo(0x006000008abcd703L);
        assertThat(FORMAT.leafAttributes(0, 0x006000008abcd703L)).isEqualTo(attributes);
    }

    @Test
    void p7_the_contiguous_hint_is_not_part_of_address_or_attributes() {
        long entry = 0x007000008abc0f43L;
        assertThat(FORMAT.leafAddress(0, entry)).isEqualTo(0x8ABC0000L);
        assertThat(FORMAT.leafAttributes(0, entry)).isEqualTo(USER_RW);
        assertThat(FORMAT.withAttributes(0, entry, USER_RW)).isEqualTo(entry);
    }

    @Test
    void p8_blocks_of_2_mib_and_1_gib() {
        assertThat(FORMAT.leafEntry(1, 0xC0200000L, USER_RW)).isEqualTo(0x00600000c0200f41L);
        assertThat(FORMAT.leafEntry(2, 0x140000000L, USER_RO)).isEqualTo(0x0060000140000fc1L);
    }

    @Test
    void p9_a_table_descriptor_and_the_same_type_bits_at_level_3() {
        assertThat(FORMAT.tableEntry(1, 0x81235000L)).isEqualTo(0x0000000081235003L);
        assertThat(FORMAT.isPresent(0, 0x006000008abcdf41L)).isFalse();
    }

    @Test
    void p10_an_address_beyond_the_output_size_is_not_present() {
        Vmsav8_64 ips44 = new Vmsav8_64(Granule.SIZE_4K, 16, 44, 0, false);
        assertThat(FORMAT.leafEntry(0, 1L << 44, USER_RW)).isEqualTo(0x0060100000000f43L);
        assertThat(FORMAT.isPresent(0, 0x0060100000000f43L)).isTrue();
        assertThat(ips44.isPresent(0, 0x0060100000000f43L)).isFalse();
        assertThatThrownBy(() -> ips44.leafEntry(0, 1L << 44, USER_RW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("44 bits");
    }

    @Test
    void p11_52_bit_addresses_of_64_kib_pages_have_their_top_in_bits_15_to_12() {
        Vmsav8_64 lpa = new Vmsav8_64(Granule.SIZE_64K, 16, 52, 0, false);
        assertThat(lpa.leafEntry(0, 0xF123456780000L, USER_RW)).isEqualTo(0x006012345678ff43L);
        assertThat(lpa.leafAddress(0, 0x006012345678ff43L)).isEqualTo(0xF123456780000L);
    }

    @Test
    void p12_52_bit_addresses_of_4_kib_pages_have_their_top_in_place_of_shareability() {
        Vmsav8_64 lpa2 = new Vmsav8_64(Granule.SIZE_4K, 16, 52, 0, false);
        assertThat(lpa2.leafEntry(0, 0xC123456789000L, USER_RW)).isEqualTo(0x0060123456789f43L);
        assertThat(lpa2.leafAddress(0, 0x0060123456789f43L)).isEqualTo(0xC123456789000L);
    }

    @Test
    void attributes_index_is_a_parameter_of_the_format() {
        long entry = FORMAT.withAttrIndx(5).leafEntry(0, PAGE, USER_RW);
        assertThat(Vmsav8_64Layout.ATTR_INDX.get(entry)).isEqualTo(5);
        assertThat(FORMAT.withAttributes(0, entry, USER_RO))
                .isEqualTo(FORMAT.withAttrIndx(5).leafEntry(0, PAGE, USER_RO));
    }

    @Test
    void blocks_are_invalid_at_levels_that_do_not_allow_them() {
        long block = 0x00600000c0200f41L;
        assertThat(FORMAT.isPresent(3, block)).isFalse();
        assertThat(new Vmsav8_64(Granule.SIZE_4K, 16, 52, 0, false).isPresent(3, 0x0060000000000c41L))
                .isTrue();
        assertThat(new Vmsav8_64(Granule.SIZE_16K, 16, 48, 0, false).isPresent(2, block))
                .isFalse();
        assertThat(new Vmsav8_64(Granule.SIZE_64K, 16, 48, 0, false).isPresent(2, block))
                .isFalse();
    }

    @Test
    void dbm_means_nothing_where_hardware_does_not_manage_dirty_state() {
        assertThat(FORMAT.leafAttributes(0, 0x006800008abcdfc3L)).isEqualTo(USER_RO);
    }

    @Test
    void a_dirty_page_made_read_only_is_still_dirty() {
        long entry = FORMAT.withAttributes(0, 0x006000008abcdf43L, USER_RO | DIRTY);
        assertThat(FORMAT.isDirty(0, entry)).isTrue();
        assertThat(FORMAT.leafAttributes(0, entry) & WRITE).isZero();
        assertThat(FORMAT.withAttributes(0, entry, USER_RW)).isEqualTo(0x006000008abcdf43L);
    }

    @Test
    void table_attributes_take_rights_away_below() {
        long table = FORMAT.tableEntry(1, 0x81235000L);
        int all = READ | WRITE | EXECUTE | USER;
        assertThat(FORMAT.restrict(1, table | 1L << 62, all)).isEqualTo(READ | EXECUTE | USER);
        assertThat(FORMAT.restrict(1, table | 1L << 61, all)).isEqualTo(READ | WRITE);
        assertThat(FORMAT.restrict(1, table | 1L << 60, all)).isEqualTo(READ | WRITE | USER);
        assertThat(FORMAT.restrict(1, table | 1L << 59, all)).isEqualTo(all);
        assertThat(FORMAT.restrict(1, table | 1L << 59, READ | EXECUTE)).isEqualTo(READ);
    }

    @Test
    void start_levels_follow_from_t0sz() {
        // Granule, T0SZ, the manual's start level, index bits there: §4.1.
        int[][] rows = {
            {0, 39, 2, 4}, {0, 34, 2, 9}, {0, 33, 1, 1}, {0, 25, 1, 9}, {0, 24, 0, 1}, {0, 16, 0, 9},
            {1, 39, 3, 11}, {1, 38, 2, 1}, {1, 28, 2, 11}, {1, 27, 1, 1}, {1, 17, 1, 11}, {1, 16, 0, 1},
            {2, 39, 3, 9}, {2, 35, 3, 13}, {2, 34, 2, 1}, {2, 22, 2, 13}, {2, 21, 1, 1}, {2, 16, 1, 6}
        };
        for (int[] row : rows) {
            Vmsav8_64 format = new Vmsav8_64(Granule.values()[row[0]], row[1], 48, 0, false);
            assertThat(3 - format.topLevel()).as(format.name()).isEqualTo(row[2]);
            assertThat(format.indexBits(format.topLevel())).as(format.name()).isEqualTo(row[3]);
        }
        assertThat(new Vmsav8_64(Granule.SIZE_4K, 12, 52, 0, false).levels()).isEqualTo(5);
    }

    @Test
    void parameters_out_of_range_are_refused() {
        for (int t0sz : new int[] {15, 40, -1}) {
            assertThatThrownBy(() -> new Vmsav8_64(Granule.SIZE_4K, t0sz, 48, 0, false))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new Vmsav8_64(Granule.SIZE_4K, 11, 52, 0, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Vmsav8_64(Granule.SIZE_4K, 16, 31, 0, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new Vmsav8_64(Granule.SIZE_64K, 12, 32, 7, false).name()).isEqualTo("VMSAv8-64 64 KiB T0SZ 12");
        assertThatThrownBy(() -> new Vmsav8_64(Granule.SIZE_4K, 16, 50, 0, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Vmsav8_64(Granule.SIZE_4K, 16, 48, 8, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FORMAT.leafEntry(0, PAGE, WRITE | USER)).isInstanceOf(IllegalArgumentException.class);
    }

    // Walks.

    private static ArrayMemory memory(long base, long length, long... addressesAndWords) {
        ArrayMemory memory = new ArrayMemory(base, length);
        for (int i = 0; i < addressesAndWords.length; i += 2) {
            memory.store(addressesAndWords[i], addressesAndWords[i + 1]);
        }
        return memory;
    }

    private static PageTableReader tree(Vmsav8_64 format) {
        ArrayMemory memory = memory(
                0x81234000L,
                0x4000,
                0x812347F0L,
                0x0000000081235003L,
                0x81235240L,
                0x0000000081236003L,
                0x81235250L,
                0x0060000140000fc1L,
                0x81236D10L,
                0x0000000081237003L,
                0x81236D18L,
                0x00600000c0200f41L,
                0x81237B38L,
                0x006000008abcdf43L,
                0x81237B48L,
                0x0060100000000f43L,
                0x81237B50L,
                0x006000008abcdb43L);
        return new PageTableReader(format, memory, 0x81234000L);
    }

    private static void assertTranslates(PageTableReader reader, long va, long pa, int shift) {
        Mapping mapping = reader.lookup(va);
        assertThat(mapping).isNotNull();
        assertThat(mapping.translate(va)).isEqualTo(pa);
        assertThat(mapping.shift()).isEqualTo(shift);
        assertThat(mapping.va()).isEqualTo(va & -(1L << shift));
    }

    @Test
    void w1_a_page() {
        assertTranslates(tree(FORMAT), 0x00007F123456789AL, 0x8ABCD89AL, 12);
        Mapping page = tree(FORMAT).lookup(0x00007F123456789AL);
        assertThat(page.attributes()).isEqualTo(USER_RW);
        assertThat(page.entryAddress()).isEqualTo(0x81237B38L);
        assertThat(page.level()).isZero();
    }

    @Test
    void w2_a_block_of_2_mib() {
        assertTranslates(tree(FORMAT), 0x00007F1234612345L, 0xC0212345L, 21);
    }

    @Test
    void w3_a_read_only_block_of_1_gib() {
        assertTranslates(tree(FORMAT), 0x00007F1280000010L, 0x140000010L, 30);
        assertThat(tree(FORMAT).lookup(0x00007F1280000010L).has(READ | USER)).isTrue();
        assertThat(tree(FORMAT).lookup(0x00007F1280000010L).has(WRITE)).isFalse();
    }

    @Test
    void w4_an_invalid_descriptor() {
        assertThat(tree(FORMAT).lookup(0x00007F1234568000L)).isNull();
    }

    @Test
    void w5_an_output_address_beyond_ips() {
        assertThat(tree(new Vmsav8_64(Granule.SIZE_4K, 16, 44, 0, false)).lookup(0x00007F123456989AL))
                .isNull();
    }

    @Test
    void w6_a_page_without_access_flag_is_found_and_says_so() {
        assertTranslates(tree(FORMAT), 0x00007F123456A89AL, 0x8ABCD89AL, 12);
        assertThat(tree(FORMAT).lookup(0x00007F123456A89AL).has(ACCESSED)).isFalse();
    }

    @Test
    void w7_addresses_out_of_range_and_the_last_in_range() {
        assertThat(FORMAT.isLegal(0x0001000000000000L)).isFalse();
        assertThat(FORMAT.isLegal(0xFFFF000000000000L)).isFalse();
        assertThat(FORMAT.isLegal(0x0000800000000000L)).isTrue();
        assertThat(tree(FORMAT).lookup(0x0001000000000000L)).isNull();
        assertThat(tree(FORMAT).lookup(0xFFFF000000000000L)).isNull();
    }

    @Test
    void w8_a_walk_that_starts_at_level_1() {
        ArrayMemory memory = memory(
                0x82000000L,
                0x3000,
                0x820007E0L,
                0x82001003L,
                0x82001488L,
                0x82002003L,
                0x82002A28L,
                0x006000008abcdf43L);
        Vmsav8_64 format = new Vmsav8_64(Granule.SIZE_4K, 25, 44, 0, false);
        assertTranslates(new PageTableReader(format, memory, 0x82000000L), 0x3F12345678L, 0x8ABCD678L, 12);
    }

    @Test
    void w9_16_kib_from_level_0() {
        ArrayMemory memory = memory(
                0x82000000L,
                0x10000,
                0x82000000L,
                0x82004003L,
                0x82007F88L,
                0x82008003L,
                0x820088D0L,
                0x8200C003L,
                0x8200CAC8L,
                0x006000008abccf43L);
        Vmsav8_64 format = new Vmsav8_64(Granule.SIZE_16K, 16, 48, 0, false);
        assertTranslates(new PageTableReader(format, memory, 0x82000000L), 0x7F123456789AL, 0x8ABCF89AL, 14);
    }

    @Test
    void w10_16_kib_from_level_1() {
        ArrayMemory memory = memory(
                0x82000000L,
                0xC000,
                0x82003F88L,
                0x82004003L,
                0x820048D0L,
                0x82008003L,
                0x82008AC8L,
                0x006000008abccf43L);
        Vmsav8_64 format = new Vmsav8_64(Granule.SIZE_16K, 17, 48, 0, false);
        assertTranslates(new PageTableReader(format, memory, 0x82000000L), 0x7F123456789AL, 0x8ABCF89AL, 14);
    }

    @Test
    void w11_64_kib_from_level_1() {
        ArrayMemory memory = memory(
                0x82000000L,
                0x30000,
                0x820000F8L,
                0x82010003L,
                0x8201C488L,
                0x82020003L,
                0x8202A2B0L,
                0x006000008abc0f43L);
        Vmsav8_64 format = new Vmsav8_64(Granule.SIZE_64K, 16, 48, 0, false);
        assertTranslates(new PageTableReader(format, memory, 0x82000000L), 0x7F123456789AL, 0x8ABC789AL, 16);
    }

    @Test
    void w12_a_64_kib_format_block_of_512_mib() {
        ArrayMemory memory = memory(0x82000000L, 0x10000, 0x8200C488L, 0x0060000020000f41L);
        Vmsav8_64 format = new Vmsav8_64(Granule.SIZE_64K, 22, 48, 0, false);
        assertTranslates(new PageTableReader(format, memory, 0x82000000L), 0x03123456789AL, 0x3456789AL, 29);
    }

    @Test
    void the_same_tree_comes_out_of_map() {
        ArrayMemory memory = new ArrayMemory(0x81234000L, 0x4000);
        PageTable table = PageTable.create(FORMAT, memory, new TestFrames(memory, 0x81234000L, 4));
        table.map(0x7F1234567000L, PAGE, 0x1000, USER_RW);
        table.map(0x7F1234600000L, 0xC0200000L, 0x200000, USER_RW);
        table.map(0x7F1280000000L, 0x140000000L, 0x40000000, USER_RO);
        assertThat(memory.load(table.root() + 0x7F0) & 3).isEqualTo(3);
        assertThat(table.lookup(0x7F123456789AL).entry()).isEqualTo(0x006000008abcdf43L);
        assertThat(table.lookup(0x7F1234612345L).entry()).isEqualTo(0x00600000c0200f41L);
        assertThat(table.lookup(0x7F1280000010L).entry()).isEqualTo(0x0060000140000fc1L);
    }
}
