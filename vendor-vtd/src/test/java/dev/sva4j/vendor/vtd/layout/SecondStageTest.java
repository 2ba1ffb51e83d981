package dev.sva4j.vendor.vtd.layout;

import static dev.sva4j.spi.pagetable.Attributes.ACCESSED;
import static dev.sva4j.spi.pagetable.Attributes.DIRTY;
import static dev.sva4j.spi.pagetable.Rights.EXECUTE;
import static dev.sva4j.spi.pagetable.Rights.READ;
import static dev.sva4j.spi.pagetable.Rights.USER;
import static dev.sva4j.spi.pagetable.Rights.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sva4j.spi.pagetable.PageTableFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Vector V17, and what the format law test of the page-table engine asks of the engine's own formats. */
class SecondStageTest {
    private static final SecondStage PLAIN = new SecondStage(4, 46, 2, false, false);
    private static final SecondStage SNOOP = new SecondStage(4, 46, 2, false, true);
    private static final SecondStage FLAGS = new SecondStage(4, 46, 2, true, false);

    private static final int RW = READ | WRITE | USER;

    static Stream<PageTableFormat> formats() {
        return Stream.of(
                PLAIN,
                SNOOP,
                FLAGS,
                new SecondStage(3, 39, 0, true, true),
                new SecondStage(5, 52, 1, false, true),
                new SecondStage(5, 52, 2, true, false));
    }

    @Test
    void leavesAreThoseOfTheVector() {
        assertThat(PLAIN.leafEntry(0, 0x2_abcd_e000L, RW | ACCESSED | DIRTY)).isEqualTo(0x2_abcd_e003L);
        assertThat(SNOOP.leafEntry(0, 0x2_abcd_e000L, RW | ACCESSED | DIRTY)).isEqualTo(0x2_abcd_e803L);
        assertThat(FLAGS.leafEntry(0, 0x2_abcd_e000L, RW | ACCESSED | DIRTY)).isEqualTo(0x2_abcd_e303L);
        assertThat(PLAIN.leafEntry(1, 0x1_4000_0000L, RW | ACCESSED | DIRTY)).isEqualTo(0x1_4000_0083L);
        assertThat(PLAIN.tableEntry(1, 0x1008_1000)).isEqualTo(0x1008_1003);
    }

    @Test
    void leavesOfTheVectorAreRead() {
        assertThat(PLAIN.leafAddress(0, 0x2_abcd_e003L)).isEqualTo(0x2_abcd_e000L);
        assertThat(PLAIN.leafAttributes(0, 0x2_abcd_e003L)).isEqualTo(RW | ACCESSED | DIRTY);
        assertThat(FLAGS.leafAttributes(0, 0x2_abcd_e003L)).isEqualTo(RW);
        assertThat(FLAGS.leafAttributes(0, 0x2_abcd_e303L)).isEqualTo(RW | ACCESSED | DIRTY);
        assertThat(PLAIN.isLeaf(1, 0x1_4000_0083L)).isTrue();
        assertThat(PLAIN.isLeaf(1, 0x1008_1003)).isFalse();
        assertThat(PLAIN.tableAddress(1, 0x1008_1003)).isEqualTo(0x1008_1000);
    }

    @Test
    void readAndWriteMakeAnEntryPresent() {
        assertThat(PLAIN.isPresent(0, 0x2_abcd_e000L)).isFalse();
        assertThat(PLAIN.isPresent(0, 0x2_abcd_e001L)).isTrue();
        assertThat(PLAIN.isPresent(0, 0x2_abcd_e002L)).isTrue();
    }

    @Test
    void writeOnlyIsARightOfItsOwn() {
        long entry = PLAIN.leafEntry(0, 0, WRITE | USER | ACCESSED | DIRTY);
        assertThat(PLAIN.leafAttributes(0, entry) & READ).isZero();
        assertThat(PLAIN.restrict(1, PLAIN.tableEntry(1, 0) & ~1L, RW)).isEqualTo(WRITE | USER);
    }

    @Test
    void reservedBitsMakeAnEntryAbsent() {
        assertThat(PLAIN.isPresent(0, 0x8000_abcd_e003L))
                .as("beyond the host's addresses")
                .isFalse();
        assertThat(PLAIN.isPresent(1, 0x1_4010_0083L))
                .as("20:12 of a 2 MiB leaf")
                .isFalse();
        assertThat(PLAIN.isPresent(2, 0x1_6000_0083L))
                .as("29:12 of a 1 GiB leaf")
                .isFalse();
        assertThat(PLAIN.isPresent(3, 0x1008_1083)).as("PS of a PML4E").isFalse();
        assertThat(new SecondStage(4, 46, 1, false, false).isPresent(2, 0x1_4000_0083L))
                .as("1 GiB that CAP.SSLPS does not have")
                .isFalse();
        assertThat(PLAIN.isPresent(0, 0x2_abcd_e803L)).as("SNP without ECAP.SC").isFalse();
        assertThat(SNOOP.isPresent(0, 0x2_abcd_e803L)).isTrue();
        assertThat(SNOOP.isPresent(1, 0x1008_1803)).as("SNP of a table").isFalse();
        assertThat(PLAIN.isPresent(0, 0x2_abcd_e083L))
                .as("7 of a PTE is ignored")
                .isTrue();
    }

    @Test
    void anAddressIsNotSignExtended() {
        assertThat(PLAIN.isLegal(0xffff_ffff_f000L)).isTrue();
        assertThat(PLAIN.isLegal(0x1_0000_0000_0000L)).isFalse();
        assertThat(PLAIN.isLegal(0xffff_8000_0000_0000L)).isFalse();
    }

    @Test
    void whatCannotBeExpressedIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> PLAIN.leafEntry(0, 0, USER | ACCESSED));
        assertThatIllegalArgumentException().isThrownBy(() -> PLAIN.leafEntry(0, 0, READ | USER));
        assertThatIllegalArgumentException().isThrownBy(() -> PLAIN.leafEntry(0, 0, READ | EXECUTE | USER | ACCESSED));
        assertThatIllegalArgumentException().isThrownBy(() -> PLAIN.leafEntry(0, 0, READ | ACCESSED));
        assertThatIllegalArgumentException().isThrownBy(() -> PLAIN.leafEntry(3, 0, READ | USER | ACCESSED));
        assertThatIllegalArgumentException().isThrownBy(() -> PLAIN.leafEntry(1, 0x1000, READ | USER | ACCESSED));
        assertThatIllegalArgumentException().isThrownBy(() -> PLAIN.leafEntry(0, 1L << 46, READ | USER | ACCESSED));
        assertThatIllegalArgumentException().isThrownBy(() -> new SecondStage(2, 46, 2, false, false));
        assertThatIllegalArgumentException().isThrownBy(() -> new SecondStage(4, 53, 2, false, false));
        assertThatIllegalArgumentException().isThrownBy(() -> new SecondStage(4, 46, 3, false, false));
    }

    @Test
    void withoutFlagsALeafStaysAccessedAndDirty() {
        assertThat(PLAIN.withoutAccessed(0, 0x2_abcd_e003L)).isEqualTo(0x2_abcd_e003L);
        assertThat(PLAIN.withoutDirty(0, 0x2_abcd_e003L)).isEqualTo(0x2_abcd_e003L);
        assertThat(FLAGS.withoutAccessed(0, 0x2_abcd_e303L)).isEqualTo(0x2_abcd_e203L);
        assertThat(FLAGS.withoutDirty(0, 0x2_abcd_e303L)).isEqualTo(0x2_abcd_e103L);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void entriesSayWhatWasPutIn(PageTableFormat format) {
        int attributes = READ | WRITE | USER | ACCESSED | DIRTY;
        for (int level = 0; level < format.levels(); level++) {
            assertThat(format.isPresent(level, 0)).isFalse();
            if (level > 0) {
                long table = format.tableEntry(level, 0x1234_5000);
                assertThat(format.isPresent(level, table)).isTrue();
                assertThat(format.isLeaf(level, table)).isFalse();
                assertThat(format.tableAddress(level, table)).isEqualTo(0x1234_5000);
                assertThat(format.restrict(level, table, attributes)).isEqualTo(attributes);
            }
            if (format.canBeLeaf(level)) {
                long oa = 1L << format.indexShift(level);
                long leaf = format.leafEntry(level, oa, attributes);
                assertThat(format.isPresent(level, leaf)).isTrue();
                assertThat(format.isLeaf(level, leaf)).isTrue();
                assertThat(format.leafAddress(level, leaf)).isEqualTo(oa);
                assertThat(format.leafAttributes(level, leaf)).isEqualTo(attributes);
                assertThat(format.withAttributes(level, leaf, attributes)).isEqualTo(leaf);
            }
        }
    }

    /** The layouts name every bit; the format must not call present what they call reserved. */
    @Test
    void formatAndLayoutAgreeOnReservedBits() {
        SecondStage wide = new SecondStage(5, 52, 2, true, true);
        long[] entries = {0x3, 0x83, 0x83, 0x3, 0x3};
        for (int level = 0; level < 5; level++) {
            for (int bit = 12; bit < 52; bit++) {
                long entry = entries[level] | 1L << bit;
                boolean reserved = SecondStageEntry.of(level, entry).hasReservedBitsSet(entry);
                assertThat(wide.isPresent(level, entry))
                        .as("level %d bit %d", level, bit)
                        .isEqualTo(!reserved);
            }
        }
    }
}
