package dev.sva4j.vendor.vtd.inspect;

import dev.sva4j.spi.IommuInspector;
import dev.sva4j.spi.IommuInspector.LeafVisitor;
import dev.sva4j.spi.RegisterValues;
import dev.sva4j.testing.PageMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An image with the tables of the vectors: function 3a:00.0, PASID 0x12345, and a first-stage tree with one page. Words are
 * those of the reference, not what this plug-in would write.
 */
final class Image {
    static final int SID = 0x3A00;
    static final int PASID = 0x12345;

    static final long ROOT = 0x1000_0000L;
    static final long LOWER = 0x1000_1000L;
    static final long UPPER = 0x1000_2000L;
    static final long DIRECTORY = 0x1001_0000L;
    static final long PASID_TABLE = 0x1003_0000L;
    static final long RID_TABLE = 0x1003_1000L;
    static final long FIRST_TOP = 0x1004_0000L;
    static final long SECOND_TOP = 0x1008_0000L;

    static final long ROOT_ENTRY = ROOT + 0x3a0;
    static final long DIRECTORY_ENTRY = 0x1001_2468L;
    static final long PASID_ENTRY = 0x1003_0140L;
    static final long PTE = 0x1004_3b38L;

    static final long VA = 0x7f12_3456_7000L;
    static final long PA = 0x2_abcd_e000L;

    /** PASIDE, the largest directory. */
    static final long CONTEXT = 0x1001_0e09L;

    static final long FIRST_STAGE = 0x49;
    static final long SECOND_STAGE = 0x1008_0089L;
    static final long NESTED = 0x1008_00c9L;
    static final long PASS_THROUGH = 0x109;

    final PageMemory memory = new PageMemory();
    final Map<String, Long> registers = new HashMap<>(Map.of("RTADDR", 0x1000_0400L));

    private Image() {
        memory.back(ROOT, 4096);
        // One page in either stage: indices 0FE, 048, 1A2, 167.
        memory.put(0x1004_07f0L, 0x1004_1007L);
        memory.put(0x1004_1240L, 0x1004_2007L);
        memory.put(0x1004_2d10L, 0x1004_3007L);
        memory.put(PTE, 0x2_abcd_e007L);
        memory.put(0x1008_07f0L, 0x1008_1003L);
        memory.put(0x1008_1240L, 0x1008_2003L);
        memory.put(0x1008_2d10L, 0x1008_3003L);
        memory.put(0x1008_3b38L, 0x2_abcd_e003L);
        // What a walk meets that goes elsewhere.
        memory.back(0x1004_0000L, 0x4000);
        memory.back(0x1008_0000L, 0x4000);
    }

    /** Scalable mode, one function, whose PASID has this entry; PASID 0, for requests without, has none. */
    static Image scalable(long... entry) {
        Image image = new Image();
        image.memory.put(ROOT_ENTRY, LOWER | 1, UPPER | 1);
        image.memory.put(LOWER, CONTEXT, 0, 0, 0);
        image.memory.back(UPPER, 4096);
        image.memory.back(DIRECTORY, 8L << 14);
        image.memory.put(DIRECTORY, RID_TABLE | 1);
        image.memory.put(DIRECTORY_ENTRY, PASID_TABLE | 1);
        image.memory.back(RID_TABLE, 4096);
        image.memory.back(PASID_TABLE, 4096);
        image.memory.put(PASID_ENTRY, entry);
        return image;
    }

    /** What Linux writes for a process. */
    static Image process() {
        return scalable(FIRST_STAGE, 0x80_0001, FIRST_TOP);
    }

    /** Legacy mode, one function with this context entry. */
    static Image legacy(long word0, long word1) {
        Image image = new Image();
        image.registers.put("RTADDR", ROOT);
        image.memory.put(ROOT_ENTRY, LOWER | 1, 0);
        image.memory.put(LOWER, word0, word1);
        return image;
    }

    IommuInspector open() {
        return new VtdInspection().open(memory, new RegisterValues(registers));
    }

    Image with(String register, long value) {
        registers.put(register, value);
        return this;
    }

    Image put(long address, long... words) {
        memory.put(address, words);
        return this;
    }

    Image without(long page) {
        memory.drop(page);
        return this;
    }

    record Leaf(long iova, long pa, long size, int rights) {}

    record Gap(long iova, long size, long table) {}

    /** Everything that a visit reports. */
    static final class Found implements LeafVisitor {
        final List<Leaf> leaves = new ArrayList<>();
        final List<Gap> gaps = new ArrayList<>();

        @Override
        public void leaf(long iova, long pa, long size, int rights) {
            leaves.add(new Leaf(iova, pa, size, rights));
        }

        @Override
        public void notInImage(long iova, long size, long tableAddress) {
            gaps.add(new Gap(iova, size, tableAddress));
        }
    }

    /** What the first entry maps. */
    Found mappings() {
        IommuInspector inspector = open();
        Found found = new Found();
        inspector.mappings(inspector.entries().get(0), found);
        return found;
    }
}
