package dev.sva4j.vendor.smmu.inspect;

import static dev.sva4j.spi.pagetable.Rights.EXECUTE;
import static dev.sva4j.spi.pagetable.Rights.READ;
import static dev.sva4j.spi.pagetable.Rights.USER;
import static dev.sva4j.spi.pagetable.Rights.WRITE;

import dev.sva4j.spi.IommuInspector;
import dev.sva4j.spi.IommuInspector.LeafVisitor;
import dev.sva4j.spi.RegisterValues;
import dev.sva4j.spi.pagetable.Attributes;
import dev.sva4j.spi.pagetable.Vmsav8_64;
import dev.sva4j.testing.PageMemory;
import dev.sva4j.vendor.smmu.layout.ContextDescriptor;
import dev.sva4j.vendor.smmu.layout.L1StreamTableDescriptor;
import dev.sva4j.vendor.smmu.layout.StreamTableEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An image under construction: a two-level stream table of 2^16 StreamIDs, and whatever a test adds. */
final class Image {
    static final long STREAM_TABLE = 0x10000;
    static final long SECOND_LEVEL = 0x20000;
    static final long CONTEXTS = 0x40000;
    static final long TABLE_L0 = 0x100000;
    static final long TABLE_L1 = 0x101000;
    static final long TABLE_L2 = 0x102000;
    static final long TABLE_L3 = 0x103000;
    static final long DATA = 0x8000_0000L;

    /** LOG2SIZE 16, SPLIT 8, two-level: what Linux writes on a machine with 16-bit StreamIDs. */
    static final long TWO_LEVEL_CFG = 0x10210;

    static final int SPLIT = 8;

    /** Valid, abort on faults, VMSAv8-64, 48-bit output, 4 KiB granule, 48-bit input, no upper half. */
    static final long CD0 = ContextDescriptor.V.encode(true)
            | ContextDescriptor.A.encode(true)
            | ContextDescriptor.R.encode(true)
            | ContextDescriptor.AA64.encode(true)
            | ContextDescriptor.IPS.encode(5)
            | ContextDescriptor.T0SZ.encode(16)
            | ContextDescriptor.EPD1.encode(true);

    final PageMemory memory = new PageMemory();
    final Map<String, Long> registers =
            new HashMap<>(Map.of("STRTAB_BASE", STREAM_TABLE, "STRTAB_BASE_CFG", TWO_LEVEL_CFG));

    Image() {
        memory.back(STREAM_TABLE, 8L << (16 - SPLIT));
    }

    IommuInspector open() {
        return new SmmuInspection().open(memory, new RegisterValues(registers));
    }

    /** Puts the entry of a stream of bus 0. */
    Image stream(int sid, long word0, long word1) {
        memory.put(STREAM_TABLE, L1StreamTableDescriptor.encode(SECOND_LEVEL, SPLIT));
        memory.back(SECOND_LEVEL, 64L << SPLIT);
        memory.put(SECOND_LEVEL + 64L * sid, word0, word1, 0, 0, 0, 0, 0, 0);
        return this;
    }

    /** A stream with stage 1 and {@code 2^log2Contexts} descriptors in a linear table at {@link #CONTEXTS}. */
    Image stage1(int sid, int log2Contexts, int s1dss) {
        memory.back(CONTEXTS, 64L << log2Contexts);
        return stream(
                sid,
                ste(StreamTableEntry.CONFIG_S1_TRANSLATE, CONTEXTS, log2Contexts, 0),
                StreamTableEntry.S1DSS.encode(s1dss));
    }

    static long ste(int config, long contextPtr, int log2Contexts, int format) {
        return StreamTableEntry.V.encode(true)
                | StreamTableEntry.CONFIG.encode(config)
                | StreamTableEntry.S1_CONTEXT_PTR.encodeAddress(contextPtr)
                | StreamTableEntry.S1CD_MAX.encode(log2Contexts)
                | StreamTableEntry.S1_FMT.encode(format);
    }

    /** Puts descriptor {@code index} of the table at {@link #CONTEXTS}. */
    Image context(int index, long word0, long ttb0) {
        memory.put(CONTEXTS + 64L * index, word0, ttb0, 0, 0, 0, 0, 0, 0);
        return this;
    }

    /** Tables with one page at address 0x1000 that maps {@link #DATA}, and nothing else. */
    Image onePage() {
        Vmsav8_64 format = Vmsav8_64.LINUX_4K;
        memory.put(TABLE_L0, format.tableEntry(3, TABLE_L1));
        memory.put(TABLE_L1, format.tableEntry(2, TABLE_L2));
        memory.put(TABLE_L2, format.tableEntry(1, TABLE_L3));
        memory.put(TABLE_L3 + 8, format.leafEntry(0, DATA, Attributes.installed(READ | WRITE | EXECUTE | USER)));
        return this;
    }

    /** A device (StreamID 0x18) with one context and one page: the simplest thing that translates. */
    static Image simple() {
        return new Image().onePage().stage1(0x18, 0, 0).context(0, CD0, TABLE_L0);
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
