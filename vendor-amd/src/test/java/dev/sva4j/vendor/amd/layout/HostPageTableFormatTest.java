package dev.sva4j.vendor.amd.layout;

import static dev.sva4j.spi.pagetable.Attributes.ACCESSED;
import static dev.sva4j.spi.pagetable.Attributes.DIRTY;
import static dev.sva4j.spi.pagetable.Rights.EXECUTE;
import static dev.sva4j.spi.pagetable.Rights.READ;
import static dev.sva4j.spi.pagetable.Rights.USER;
import static dev.sva4j.spi.pagetable.Rights.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sva4j.spi.pagetable.Mapping;
import dev.sva4j.spi.pagetable.PageTable;
import dev.sva4j.spi.pagetable.PageTableFormat;
import dev.sva4j.spi.pagetable.PageTableReader;
import dev.sva4j.spi.pagetable.Rights;
import dev.sva4j.testing.PageMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Vectors 12.7, and what the format law test of the page-table engine asks of the engine's own formats. */
class HostPageTableFormatTest {
    private static final long ROOT = 0x12_3456_7000L;
    /** In the order in which the engine asks for them: what it reserves for one change it uses from the end. */
    private static final long[] FRAMES = {ROOT, 0x12_3456_a000L, 0x12_3456_9000L, 0x12_3456_8000L};

    private static final int RW = READ | WRITE | USER;
    private static final HostPageTableFormat PLAIN = new HostPageTableFormat(4, 2, DeviceTableEntry.HAD_NONE, true);
    private static final HostPageTableFormat FLAGS =
            new HostPageTableFormat(4, 2, DeviceTableEntry.HAD_ACCESSED_DIRTY, false);

    static Stream<PageTableFormat> formats() {
        return Stream.concat(
                Stream.of(
                        PLAIN,
                        FLAGS,
                        new HostPageTableFormat(6, 4, DeviceTableEntry.HAD_ACCESSED, false),
                        new HostPageTableFormat(5, 0, DeviceTableEntry.HAD_NONE, false)),
                IntStream.rangeClosed(1, 6)
                        .mapToObj(levels -> HostPageTableFormat.reading(levels, DeviceTableEntry.HAD_NONE)));
    }

    /** The tables of device 0x0308. The leaves at indices 0x145 and 0x92 also lie below an entry that skips a level. */
    private static PageMemory tables() {
        PageMemory memory = new PageMemory()
                .put(ROOT + 0x8, 0x6000_0012_3456_8601L)
                .put(ROOT + 0x10, 0x6000_0012_3456_b401L)
                .put(0x12_3456_8000L, 0x6000_0012_3456_9401L)
                .put(0x12_3456_9488L, 0x6000_0012_3456_a201L)
                .put(0x12_3456_9490L, 0x6000_0000_4020_0001L)
                .put(0x12_3456_94a0L, 0x6000_0000_405f_fe01L, 0x6000_0000_405f_fe01L)
                .put(0x12_3456_b488L, 0x6000_0012_3456_a201L)
                .put(0x12_3456_aa28L, 0x7000_0000_abcd_e001L, 0x2000_0000_abcd_f001L);
        for (int i = 0x148; i < 0x150; i++) {
            memory.put(0x12_3456_a000L + 8L * i, 0x6000_0000_abcc_be01L);
        }
        return memory;
    }

    private static PageTableReader reader() {
        return new PageTableReader(HostPageTableFormat.reading(4, DeviceTableEntry.HAD_NONE), tables(), ROOT);
    }

    @ParameterizedTest
    @CsvSource({
        "8012345678, abcde678",
        "8012346678, abcdf678",
        "801234b345, abccb345",
        "8012412345, 40212345",
        "8012a12345, 40612345",
        "10012345678, abcde678",
    })
    void anAddressOfTheVectorIsTranslated(String iova, String pa) {
        Mapping leaf = reader().lookup(hex(iova));
        assertThat(leaf).isNotNull();
        assertThat(leaf.translate(hex(iova))).isEqualTo(hex(pa));
    }

    @ParameterizedTest
    @CsvSource({
        "10052345678, the skipped bits are not 0",
        "1000000000000, above the 48 bits of four levels",
        "8012347000, not present",
        "8012350000, not present behind the 32 KiB",
        "8012c00000, not present behind the 4 MiB",
    })
    void anAddressOfTheVectorIsNotTranslated(String iova, String why) {
        assertThat(reader().lookup(hex(iova))).as(why).isNull();
    }

    @Test
    void rightsAreThoseOfTheLeaf() {
        assertThat(reader().lookup(0x80_1234_5678L).attributes()).isEqualTo(RW | ACCESSED | DIRTY);
        assertThat(reader().lookup(0x80_1234_6678L).attributes()).isEqualTo(READ | USER | ACCESSED);
    }

    @Test
    void tablesTakeRightsAway() {
        PageMemory memory = tables().put(ROOT + 0x8, 0x2000_0012_3456_8601L);
        PageTableReader reader =
                new PageTableReader(HostPageTableFormat.reading(4, DeviceTableEntry.HAD_NONE), memory, ROOT);
        assertThat(reader.lookup(0x80_1234_5678L).attributes() & Rights.ALL).isEqualTo(READ | USER);
    }

    @Test
    void anEnlargedPageIsVisitedEntryByEntryAndHangsTogether() {
        List<Mapping> leaves = new ArrayList<>();
        reader().visit(0x80_1234_8000L, 0x80_1234_ffffL, leaves::add);
        assertThat(leaves).hasSize(8);
        assertThat(leaves).allSatisfy(leaf -> assertThat(leaf.shift()).isEqualTo(12));
        for (int i = 0; i < 8; i++) {
            assertThat(leaves.get(i).va()).isEqualTo(0x80_1234_8000L + 0x1000L * i);
            assertThat(leaves.get(i).oa()).isEqualTo(0xabcc_8000L + 0x1000L * i);
        }
    }

    @Test
    void anEnlargedPageSaysHowLargeItIs() {
        PageTableFormat format = HostPageTableFormat.reading(4, DeviceTableEntry.HAD_NONE);
        assertThat(format.leafShift(0, 0x6000_0000_abcc_be01L)).isEqualTo(15);
        assertThat(format.leafAddress(0, 0x6000_0000_abcc_be01L)).isEqualTo(0xabcc_8000L);
        assertThat(format.leafShift(1, 0x6000_0000_405f_fe01L)).isEqualTo(22);
        assertThat(format.leafShift(1, 0x6000_0000_4020_0001L)).isEqualTo(21);
    }

    @Test
    void whatIsWrittenHasTheBytesOfTheVector() {
        PageMemory memory = new PageMemory();
        PageTable table = PageTable.create(PLAIN, memory, memory.frames(FRAMES));
        assertThat(table.root()).isEqualTo(ROOT);
        table.map(0x80_1234_5000L, 0xabcd_e000L, 0x1000, RW);
        table.map(0x80_1240_0000L, 0x4020_0000L, 0x20_0000, RW);
        assertThat(memory.load(ROOT + 0x8)).isEqualTo(0x6000_0012_3456_8601L);
        assertThat(memory.load(0x12_3456_8000L)).isEqualTo(0x6000_0012_3456_9401L);
        assertThat(memory.load(0x12_3456_9488L)).isEqualTo(0x6000_0012_3456_a201L);
        assertThat(memory.load(0x12_3456_aa28L)).isEqualTo(0x7000_0000_abcd_e001L);
        assertThat(memory.load(0x12_3456_9490L)).isEqualTo(0x7000_0000_4020_0001L);
    }

    @Test
    void rightsCanBeTakenAndPagesUnmapped() {
        PageMemory memory = new PageMemory();
        PageTable table = PageTable.create(PLAIN, memory, memory.frames(FRAMES));
        table.map(0x1000, 0xabcd_e000L, 0x1000, RW);
        table.protect(0x1000, 0x1fff, READ | USER, (va, level, old) -> {});
        assertThat(table.lookup(0x1000).attributes()).isEqualTo(READ | USER | ACCESSED);
        table.unmap(0x1000, 0x1fff, (va, level, old) -> {}, (pa, log2Bytes) -> {});
        assertThat(table.lookup(0x1000)).isNull();
    }

    @Test
    void aLeafCanBeWriteOnlyOrHaveNoRight() {
        long writeOnly = PLAIN.leafEntry(0, 0x1000, WRITE | USER);
        assertThat(PLAIN.leafAttributes(0, writeOnly) & Rights.ALL).isEqualTo(WRITE | USER);
        long nothing = PLAIN.leafEntry(0, 0x1000, USER);
        assertThat(PLAIN.isPresent(0, nothing)).isTrue();
        assertThat(PLAIN.leafAttributes(0, nothing) & Rights.ALL).isEqualTo(USER);
    }

    @Test
    void flagsAreKeptOnlyIfTheDeviceTableEntrySaysSo() {
        assertThat(FLAGS.leafEntry(0, 0x1000, RW)).isEqualTo(0x6000_0000_0000_1001L);
        assertThat(FLAGS.leafEntry(0, 0x1000, RW | ACCESSED | DIRTY)).isEqualTo(0x6000_0000_0000_1061L);
        assertThat(FLAGS.isDirty(0, 0x6000_0000_0000_1021L)).isFalse();
        assertThat(FLAGS.withoutDirty(0, 0x6000_0000_0000_1061L)).isEqualTo(0x6000_0000_0000_1021L);
        HostPageTableFormat accessedOnly = new HostPageTableFormat(4, 2, DeviceTableEntry.HAD_ACCESSED, false);
        assertThat(accessedOnly.leafEntry(0, 0x1000, RW | ACCESSED)).isEqualTo(0x6000_0000_0000_1021L);
        assertThat(accessedOnly.isDirty(0, 0x6000_0000_0000_1021L)).isTrue();
        assertThat(PLAIN.withoutAccessed(0, 0x7000_0000_0000_1001L)).isEqualTo(0x7000_0000_0000_1001L);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 6010000000001001, 52 of a leaf",
        "0, 6400000000001001, 58 of a leaf",
        "1, 7000000000001201, FC of a table",
        "1, 6800000000001201, U of a table",
        "0, 6000000000001201, a table in the lowest level",
        "1, 6000000000001401, a table of its own level",
        "0, 60000000000ffe01, a size that the next level has by default",
        "2, 60000000405ffe01, a size of the level below",
        "5, 6000000000000001, a leaf in level 6",
        "3, 6000000000001c01, NextLevel 6 in level 4",
    })
    void whatHardwareWouldNotGoOnWithIsAbsent(int level, String entry, String why) {
        HostPageTableFormat format = HostPageTableFormat.reading(6, DeviceTableEntry.HAD_NONE);
        assertThat(format.isPresent(level, hex(entry))).as(why).isFalse();
    }

    @Test
    void theTopOfSixLevelsHasSevenBits() {
        HostPageTableFormat format = HostPageTableFormat.reading(6, DeviceTableEntry.HAD_NONE);
        assertThat(format.indexBits(5)).isEqualTo(7);
        assertThat(format.vaBits()).isEqualTo(64);
        assertThat(format.isLegal(-1L)).isTrue();
        assertThat(format.tableShift(5)).isEqualTo(12);
    }

    @Test
    void anAddressIsNotSignExtended() {
        assertThat(PLAIN.isLegal(0xffff_ffff_f000L)).isTrue();
        assertThat(PLAIN.isLegal(0xffff_8000_0000_0000L)).isFalse();
    }

    @Test
    void whatCannotBeExpressedIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> PLAIN.leafEntry(0, 0, READ | EXECUTE | USER));
        assertThatIllegalArgumentException().isThrownBy(() -> PLAIN.leafEntry(0, 0, READ));
        assertThatIllegalArgumentException().isThrownBy(() -> PLAIN.leafEntry(3, 0, RW));
        assertThatIllegalArgumentException().isThrownBy(() -> PLAIN.leafEntry(1, 0x1000, RW));
        assertThatIllegalArgumentException().isThrownBy(() -> PLAIN.leafEntry(0, 1L << 52, RW));
        assertThatIllegalArgumentException().isThrownBy(() -> new HostPageTableFormat(0, 2, 0, false));
        assertThatIllegalArgumentException().isThrownBy(() -> new HostPageTableFormat(7, 2, 0, false));
        assertThatIllegalArgumentException().isThrownBy(() -> new HostPageTableFormat(4, 5, 0, false));
        assertThatIllegalArgumentException().isThrownBy(() -> new HostPageTableFormat(4, 2, 2, false));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void entriesSayWhatWasPutIn(PageTableFormat format) {
        int attributes = RW | ACCESSED | DIRTY;
        for (int level = 0; level < format.levels(); level++) {
            assertThat(format.isPresent(level, 0)).isFalse();
            if (level > 0) {
                long table = format.tableEntry(level, 0x1234_5000);
                assertThat(format.isPresent(level, table)).isTrue();
                assertThat(format.isLeaf(level, table)).isFalse();
                assertThat(format.tableAddress(level, table)).isEqualTo(0x1234_5000);
                assertThat(format.childLevel(level, table)).isEqualTo(level - 1);
                assertThat(format.restrict(level, table, attributes)).isEqualTo(attributes);
            }
            if (format.canBeLeaf(level)) {
                long oa = 1L << format.indexShift(level);
                long leaf = format.leafEntry(level, oa, attributes);
                assertThat(format.isPresent(level, leaf)).isTrue();
                assertThat(format.isLeaf(level, leaf)).isTrue();
                assertThat(format.leafAddress(level, leaf)).isEqualTo(oa);
                assertThat(format.leafShift(level, leaf)).isEqualTo(format.indexShift(level));
                assertThat(format.leafAttributes(level, leaf)).isEqualTo(attributes);
                assertThat(format.withAttributes(level, leaf, attributes)).isEqualTo(leaf);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void indexBitsAndPageOffsetCoverEachAddressBitOnce(PageTableFormat format) {
        int bits = format.pageShift();
        for (int level = 0; level < format.levels(); level++) {
            assertThat(format.indexShift(level)).isEqualTo(bits);
            bits += format.indexBits(level);
        }
        assertThat(bits).isEqualTo(format.vaBits());
    }

    private static long hex(String text) {
        return Long.parseUnsignedLong(text, 16);
    }
}
