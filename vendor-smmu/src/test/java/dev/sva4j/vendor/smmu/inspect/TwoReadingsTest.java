package dev.sva4j.vendor.smmu.inspect;

import static dev.sva4j.spi.pagetable.Rights.EXECUTE;
import static dev.sva4j.spi.pagetable.Rights.READ;
import static dev.sva4j.spi.pagetable.Rights.USER;
import static dev.sva4j.spi.pagetable.Rights.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.api.Access;
import dev.sva4j.spi.IommuInspector;
import dev.sva4j.spi.IommuInspector.Answer;
import dev.sva4j.spi.IommuInspector.Entry;
import dev.sva4j.spi.pagetable.Vmsav8_64;
import dev.sva4j.spi.pagetable.Vmsav8_64Layout;
import dev.sva4j.vendor.smmu.layout.ContextDescriptor;
import dev.sva4j.vendor.smmu.layout.Granule;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Software's reading of tables against the hardware half's, on random tables: whatever the one lists the other grants,
 * right by right, and what it does not list is refused.
 */
class TwoReadingsTest {
    private static final int PASID = 3;
    private static final int TABLES = 24;
    private static final int ENTRIES_PER_TABLE = 6;
    private static final int PROBES = 200;

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void agree(long seed) {
        Random random = new Random(seed);
        Granule granule = Granule.values()[random.nextInt(3)];
        int inputBits = 25 + random.nextInt(24);
        int outputEncoding = random.nextInt(6);
        Vmsav8_64 format = new Vmsav8_64(Vmsav8_64.Granule.values()[granule.ordinal()], 64 - inputBits, 48, 0, false);
        Image image = new Image().stage1(0x18, 2, 0);
        image.context(PASID, context(random, granule, inputBits, outputEncoding), root(random, image, format));

        IommuInspector inspector = image.open();
        Entry entry = inspector.entries().get(0);
        Image.Found found = Image.mappings(inspector, entry);
        assertThat(found.gaps).isEmpty();
        for (Image.Leaf leaf : found.leaves) {
            long offset = random.nextLong(leaf.size());
            for (Access access : Access.values()) {
                if (access == Access.EXECUTE && (leaf.rights() & USER) == 0) {
                    // Execute-only for user mode (UXN = 0 and AP[1] = 0): Rights have no word for it.
                    continue;
                }
                Answer answer = inspector.translate(0x18, PASID, leaf.iova() + offset, access);
                if (allows(leaf.rights(), access)) {
                    assertThat(answer).as("%s of %s", access, leaf).isEqualTo(new Answer(leaf.pa() + offset, null));
                } else {
                    assertThat(answer.fault()).as("%s of %s", access, leaf).isIn("F_PERMISSION", "F_ACCESS");
                }
            }
        }
        for (int i = 0; i < PROBES; i++) {
            long address = random.nextLong(1L << inputBits);
            if (found.leaves.stream()
                    .noneMatch(leaf -> address - leaf.iova() >= 0 && address - leaf.iova() < leaf.size())) {
                assertThat(inspector
                                .translate(0x18, PASID, address, Access.READ)
                                .fault())
                        .as("0x%x", address)
                        .isIn("F_TRANSLATION", "F_ADDR_SIZE");
            }
        }
    }

    private static boolean allows(int rights, Access access) {
        int needed = switch (access) {
            case READ -> READ | USER;
            case WRITE -> WRITE | USER;
            case EXECUTE -> EXECUTE | USER;
        };
        return (rights & needed) == needed;
    }

    private static long context(Random random, Granule granule, int inputBits, int outputEncoding) {
        long cd = Image.CD0;
        cd = ContextDescriptor.TG0.put(cd, granule.tg0());
        cd = ContextDescriptor.T0SZ.put(cd, ContextDescriptor.sizeField(inputBits));
        cd = ContextDescriptor.IPS.put(cd, outputEncoding);
        cd = ContextDescriptor.AFFD.put(cd, random.nextBoolean());
        return ContextDescriptor.WXN.put(cd, random.nextBoolean());
    }

    /** Puts random tables into the image; the result is word 1 of the context descriptor. */
    private static long root(Random random, Image image, Vmsav8_64 format) {
        long root = 0x1000_0000L;
        image.memory.back(root, 1L << format.tableShift(format.topLevel()));
        int[] left = {TABLES};
        fill(random, image, format, format.topLevel(), root, left);
        return root | ContextDescriptor.HAD0.encode(random.nextBoolean());
    }

    private static void fill(Random random, Image image, Vmsav8_64 format, int level, long table, int[] left) {
        List<Long> used = new ArrayList<>();
        for (int i = 0; i < ENTRIES_PER_TABLE; i++) {
            long index = random.nextInt(1 << format.indexBits(level));
            if (used.contains(index)) {
                continue;
            }
            used.add(index);
            boolean leaf = level == 0 || (format.canBeLeaf(level) && random.nextInt(3) == 0);
            if (leaf) {
                image.memory.put(table + 8 * index, leaf(random, format, level));
            } else if (left[0] > 0) {
                left[0]--;
                long child = 0x2000_0000L + left[0] * 0x10_0000L;
                image.memory.back(child, 1L << format.tableShift(level - 1));
                image.memory.put(table + 8 * index, table(random, format, level, child));
                fill(random, image, format, level - 1, child, left);
            }
        }
    }

    private static long table(Random random, Vmsav8_64 format, int level, long child) {
        long entry = format.tableEntry(level, child);
        entry = Vmsav8_64Layout.AP_TABLE_0.put(entry, random.nextInt(6) == 0);
        entry = Vmsav8_64Layout.AP_TABLE_1.put(entry, random.nextInt(6) == 0);
        entry = Vmsav8_64Layout.UXN_TABLE.put(entry, random.nextInt(6) == 0);
        return Vmsav8_64Layout.PXN_TABLE.put(entry, random.nextInt(6) == 0);
    }

    private static long leaf(Random random, Vmsav8_64 format, int level) {
        int shift = format.indexShift(level);
        // Sometimes beyond the output size of the context.
        long oa = random.nextLong(1L << (random.nextInt(4) == 0 ? 48 : 32)) >>> shift << shift;
        long entry = format.leafEntry(level, oa, READ);
        entry = Vmsav8_64Layout.AP1.put(entry, random.nextInt(4) != 0);
        entry = Vmsav8_64Layout.AP2.put(entry, random.nextBoolean());
        entry = Vmsav8_64Layout.AF.put(entry, random.nextInt(4) != 0);
        entry = Vmsav8_64Layout.NG.put(entry, random.nextBoolean());
        entry = Vmsav8_64Layout.UXN.put(entry, random.nextBoolean());
        entry = Vmsav8_64Layout.PXN.put(entry, random.nextBoolean());
        entry = Vmsav8_64Layout.SOFTWARE_DIRTY.put(entry, random.nextBoolean());
        return Vmsav8_64Layout.DBM.put(entry, random.nextInt(4) == 0);
    }
}
