package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.api.SvaError;
import dev.sva4j.spi.driver.LeafTables;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.vendor.smmu.layout.L1StreamTableDescriptor;
import dev.sva4j.vendor.smmu.layout.StreamTable;
import dev.sva4j.vendor.smmu.layout.StreamTableRegisters;

/**
 * The stream table (IHI 0070 §3.3, §5.1), with an abort STE for every stream that nobody has attached. Second-level
 * tables are allocated when a stream first needs them and stay until the driver closes.
 */
final class StreamTableMemory {
    /** StreamID bits of the second level: a PCI bus, 256 STEs, 16 KiB. */
    private static final int SPLIT = 8;

    /**
     * StreamID bits that a first level covers at most, as in Linux ({@code STRTAB_MAX_L1_ENTRIES}): 1 MiB of it. Nobody
     * has more devices, and the first level of a full 32-bit table would be 128 MiB.
     */
    private static final int WIDEST_TWO_LEVEL = 25;

    /** StreamID bits of a linear table at most. An implementation with 7 and more has to offer two levels anyway. */
    private static final int WIDEST_LINEAR = 16;

    private final Unit unit;
    private final TableMemory memory;
    private final boolean twoLevel;
    private final int log2Size;
    private final long base;

    private final LeafTables leaves;

    /** Allocates the table, or its first level. A table of one bus needs no second level. */
    StreamTableMemory(Unit unit, TableMemory memory, Features features) {
        this.unit = unit;
        this.memory = memory;
        this.twoLevel = features.hasTwoLevelStreamTable() && features.streamBits() > SPLIT;
        this.log2Size = Math.min(features.streamBits(), twoLevel ? WIDEST_TWO_LEVEL : WIDEST_LINEAR);
        long bytes = twoLevel ? StreamTable.l1Bytes(log2Size, SPLIT) : StreamTable.linearBytes(log2Size);
        this.base = memory.allocate(bytes, "the stream table");
        this.leaves = new LeafTables(twoLevel ? 1 << (log2Size - SPLIT) : 0);
        if (!twoLevel) {
            fillWithAbort(base, log2Size);
        }
    }

    private void fillWithAbort(long table, int log2Entries) {
        long[] abort = SteValues.abort();
        for (long sid = 0; StreamTable.contains(sid, log2Entries); sid++) {
            memory.store(StreamTable.linearAddress(table, sid), abort);
        }
    }

    /** Programs STRTAB_BASE and STRTAB_BASE_CFG; translation is off. */
    void program() {
        long base = StreamTableRegisters.STRTAB_BASE_ADDR.encodeAddress(this.base);
        unit.write(StreamTableRegisters.STRTAB_BASE, StreamTableRegisters.STRTAB_BASE_RA.put(base, true));
        long cfg = StreamTableRegisters.STRTAB_BASE_CFG_LOG2SIZE.encode(log2Size);
        if (twoLevel) {
            cfg = StreamTableRegisters.STRTAB_BASE_CFG_SPLIT.put(cfg, SPLIT);
            cfg = StreamTableRegisters.STRTAB_BASE_CFG_FMT.put(cfg, StreamTableRegisters.FMT_TWO_LEVEL);
        }
        unit.write(StreamTableRegisters.STRTAB_BASE_CFG, cfg);
    }

    /**
     * Finds the STE, after allocating its second-level table if it has none. The contents come before the pointer.
     *
     * @throws dev.sva4j.api.SvaException RANGE, NO_MEMORY; nothing has changed
     */
    LeafTables.Slot slot(long sid) {
        if (!StreamTable.contains(sid, log2Size)) {
            throw unit.refusal(
                    SvaError.RANGE,
                    String.format("stream 0x%x is beyond the %d bits of the stream table", sid, log2Size));
        }
        return twoLevel
                ? leaves.slot(
                        (int) StreamTable.l1Index(sid, SPLIT),
                        () -> hookInLeaf(sid),
                        StreamTable.l2Address(0, sid, SPLIT))
                : LeafTables.Slot.ofLinear(StreamTable.linearAddress(base, sid));
    }

    private long hookInLeaf(long sid) {
        long leaf = memory.allocate(StreamTable.l2Bytes(SPLIT), "stream table entries");
        fillWithAbort(leaf, SPLIT);
        memory.store(StreamTable.l1Address(base, sid, SPLIT), L1StreamTableDescriptor.encode(leaf, SPLIT));
        return leaf;
    }
}
