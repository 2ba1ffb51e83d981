package dev.sva4j.spi.pagetable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Laws that hold for any format, at every level. */
class PageTableFormatLawsTest {

    static List<PageTableFormat> formats() {
        return Formats.all();
    }

    /** Addresses with a single bit each, then none and all: whatever is lost or moved shows. */
    private static List<Long> addresses(int shift, int bits) {
        List<Long> addresses = new ArrayList<>(List.of(0L, Bits.low(bits) & ~Bits.low(shift)));
        for (int bit = shift; bit < bits; bit++) {
            addresses.add(1L << bit);
        }
        return addresses;
    }

    private static List<Integer> expressibleAttributes(PageTableFormat format) {
        List<Integer> expressible = new ArrayList<>();
        for (int attributes = 0; attributes <= Attributes.ALL; attributes++) {
            try {
                format.leafEntry(0, 0, attributes);
                expressible.add(attributes);
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageContaining(format.name());
            }
        }
        return expressible;
    }

    @ParameterizedTest
    @MethodSource("formats")
    void index_bits_and_page_offset_cover_each_address_bit_once(PageTableFormat format) {
        long covered = Bits.low(format.pageShift());
        for (int level = 0; level < format.levels(); level++) {
            long mine = Bits.low(format.indexBits(level)) << format.indexShift(level);
            assertThat(covered & mine).isZero();
            covered |= mine;
        }
        assertThat(covered).isEqualTo(Bits.low(format.vaBits()));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void the_indices_of_an_address_put_together_are_the_address(PageTableFormat format) {
        for (long va : addresses(format.pageShift(), format.vaBits())) {
            long rebuilt = 0;
            for (int level = 0; level < format.levels(); level++) {
                rebuilt |= (long) format.index(level, va) << format.indexShift(level);
            }
            assertThat(rebuilt).isEqualTo(va);
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void all_tables_below_the_top_have_one_size(PageTableFormat format) {
        for (int level = 1; level < format.topLevel(); level++) {
            assertThat(format.tableShift(level)).isEqualTo(format.tableShift(0));
        }
        assertThat(format.levels()).isBetween(1, 6);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void zero_is_not_present_and_level_zero_has_leaves(PageTableFormat format) {
        for (int level = 0; level < format.levels(); level++) {
            assertThat(format.isPresent(level, 0)).isFalse();
        }
        assertThat(format.canBeLeaf(0)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void a_table_pointer_reads_back_at_every_level_and_restricts_nothing(PageTableFormat format) {
        for (int level = 1; level < format.levels(); level++) {
            for (long table : addresses(format.tableShift(level - 1), format.oaBits())) {
                long entry = format.tableEntry(level, table);
                assertThat(format.isPresent(level, entry)).isTrue();
                assertThat(format.isLeaf(level, entry)).isFalse();
                assertThat(format.tableAddress(level, entry)).isEqualTo(table);
                assertThat(format.childLevel(level, entry)).isEqualTo(level - 1);
                assertThat(format.restrict(level, entry, Attributes.ALL)).isEqualTo(Attributes.ALL);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void a_leaf_of_every_size_reads_back_from_address_zero_to_the_highest(PageTableFormat format) {
        for (int level = 0; level < format.levels(); level++) {
            if (!format.canBeLeaf(level)) {
                continue;
            }
            for (long oa : addresses(format.indexShift(level), format.oaBits())) {
                long entry = format.leafEntry(level, oa, Rights.READ);
                assertThat(format.isPresent(level, entry)).isTrue();
                assertThat(format.isLeaf(level, entry)).isTrue();
                assertThat(format.leafAddress(level, entry)).isEqualTo(oa);
                assertThat(format.leafShift(level, entry)).isEqualTo(format.indexShift(level));
                assertThat(format.leafAttributes(level, entry)).isEqualTo(Rights.READ);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void attributes_to_entry_to_attributes_gives_the_identical_word(PageTableFormat format) {
        for (int level = 0; level < format.levels(); level++) {
            if (!format.canBeLeaf(level)) {
                continue;
            }
            long highest = Bits.low(format.oaBits()) & ~Bits.low(format.indexShift(level));
            for (int attributes : expressibleAttributes(format)) {
                long entry = format.leafEntry(level, highest, attributes);
                int read = format.leafAttributes(level, entry);
                assertThat(format.withAttributes(level, entry, read)).isEqualTo(entry);
                // A format that cannot tell whether a writable page is dirty says that it is.
                assertThat(read).isIn(attributes, attributes | Attributes.DIRTY);
                assertThat(format.leafEntry(level, highest, read)).isEqualTo(entry);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void attributes_change_into_any_others_and_leave_the_address(PageTableFormat format) {
        List<Integer> expressible = expressibleAttributes(format);
        long highest = Bits.low(format.oaBits()) & ~Bits.low(format.pageShift());
        for (int from : expressible) {
            for (int to : expressible) {
                long changed = format.withAttributes(0, format.leafEntry(0, highest, from), to);
                assertThat(changed).isEqualTo(format.leafEntry(0, highest, to));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void accessed_and_dirty_are_cleared_one_without_the_other(PageTableFormat format) {
        for (int attributes : expressibleAttributes(format)) {
            long entry = format.leafEntry(0, 0, attributes);
            int read = format.leafAttributes(0, entry);
            assertThat(format.isAccessed(0, entry)).isEqualTo((read & Attributes.ACCESSED) != 0);
            assertThat(format.isDirty(0, entry)).isEqualTo((read & Attributes.DIRTY) != 0);
            assertThat(format.withoutAccessed(0, entry)).isEqualTo(format.leafEntry(0, 0, read & ~Attributes.ACCESSED));
            assertThat(format.withoutDirty(0, entry)).isEqualTo(format.leafEntry(0, 0, read & ~Attributes.DIRTY));
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void a_leaf_refuses_what_it_has_no_room_for(PageTableFormat format) {
        for (int level = 0; level < format.levels(); level++) {
            int l = level;
            if (format.canBeLeaf(level)) {
                long misaligned = 1L << (format.indexShift(level) - 1);
                assertThatThrownBy(() -> format.leafEntry(l, misaligned, Rights.READ))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> format.leafEntry(l, 1L << format.oaBits(), Rights.READ))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> format.leafEntry(l, 0, Rights.READ | 1 << 30))
                        .isInstanceOf(IllegalArgumentException.class);
            } else {
                assertThatThrownBy(() -> format.leafEntry(l, 0, Rights.READ))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void legal_addresses_end_where_the_translated_bits_do(PageTableFormat format) {
        long lowLast = format.lowLast();
        assertThat(format.isLegal(0)).isTrue();
        assertThat(format.isLegal(lowLast)).isTrue();
        if (lowLast != -1) {
            assertThat(format.isLegal(lowLast + 1)).isFalse();
            assertThat(format.isLegal(~lowLast)).isEqualTo(format.signExtended());
            assertThat(format.isLegal(-1)).isEqualTo(format.signExtended());
            assertThat(format.isLegal(~lowLast - 1)).isFalse();
        }
    }

    @Test
    void letters_name_rights_and_attributes() {
        assertThat(Rights.toString(Rights.NONE)).isEqualTo("----");
        assertThat(Rights.toString(Rights.ALL)).isEqualTo("rwxu");
        assertThat(Attributes.toString(Attributes.ALL)).isEqualTo("rwxuadg");
        assertThat(Attributes.toString(Rights.READ | Rights.USER | Attributes.ACCESSED))
                .isEqualTo("r--ua--");
    }

    @Test
    void an_installed_page_is_accessed_and_dirty_if_writable() {
        assertThat(Attributes.installed(Rights.READ)).isEqualTo(Rights.READ | Attributes.ACCESSED);
        assertThat(Attributes.installed(Rights.READ | Rights.WRITE))
                .isEqualTo(Rights.READ | Rights.WRITE | Attributes.ACCESSED | Attributes.DIRTY);
    }
}
