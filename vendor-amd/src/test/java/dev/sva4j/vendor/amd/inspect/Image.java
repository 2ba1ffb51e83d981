package dev.sva4j.vendor.amd.inspect;

import dev.sva4j.spi.IommuInspector;
import dev.sva4j.spi.IommuInspector.LeafVisitor;
import dev.sva4j.spi.RegisterValues;
import dev.sva4j.spi.inspect.UnchangedMemory;
import dev.sva4j.testing.PageMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An image under construction: a device table of 1024 entries that block, as Linux leaves them, and what a test adds.
 */
final class Image {
    static final long DEVICE_TABLE = 0x1000_0000L;

    /** D7: GCR3 table of two levels at 0x108421000, Domain 7, I, PPR. */
    static final long[] D7 = {0x6590_0000_0000_0003L, 0x0000_1001_1084_0007L, 0};

    /** D3: host page table of four levels at 0x1234567000, Domain 0x42. */
    static final long[] D3 = {0x6000_0012_3456_7803L, 0x42, 0};

    final PageMemory memory = new PageMemory();
    final Map<String, Long> registers = new HashMap<>(Map.of("DEVTAB_BASE", DEVICE_TABLE | 7));

    Image() {
        for (int device = 0; device < 1024; device++) {
            device(device, 3, 0, 0);
        }
    }

    IommuInspector open() {
        return new AmdInspection().open(new UnchangedMemory(memory), new RegisterValues(registers));
    }

    /** Puts the entry of a device. */
    Image device(int deviceId, long... words) {
        memory.put(DEVICE_TABLE + 32L * deviceId, words[0], words[1], words[2], 0);
        return this;
    }

    /** The GCR3 and guest tables of vectors 12.6, for {@link #D7}. */
    Image guestTables() {
        memory.put(0x1_0842_1488L, 0x1_0842_2001L)
                .put(0x1_0842_2a28L, 0x1_0842_3001L)
                .put(0x1_0842_37f0L, 0x1_0842_4007L)
                .put(0x1_0842_4240L, 0x1_0842_5007L, 0x1_4000_0087L)
                .put(0x1_0842_5d10L, 0x1_0842_6007L, 0xc000_0087L)
                .put(0x1_0842_6b38L, 0x8000_0000_abcd_e007L, 0x8000_0000_abcd_f005L);
        return this;
    }

    /** The host tables of vectors 12.7, for {@link #D3}, without the second way to the same leaves. */
    Image hostTables() {
        memory.put(0x12_3456_7008L, 0x6000_0012_3456_8601L)
                .put(0x12_3456_8000L, 0x6000_0012_3456_9401L)
                .put(0x12_3456_9488L, 0x6000_0012_3456_a201L, 0x6000_0000_4020_0001L)
                .put(0x12_3456_94a0L, 0x6000_0000_405f_fe01L, 0x6000_0000_405f_fe01L)
                .put(0x12_3456_aa28L, 0x7000_0000_abcd_e001L, 0x2000_0000_abcd_f001L);
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

    static Found mappings(IommuInspector inspector, IommuInspector.Entry entry) {
        Found found = new Found();
        inspector.mappings(entry, found);
        return found;
    }
}
