package dev.sva4j.qemu.smmu;

import dev.sva4j.vendor.smmu.layout.L1StreamTableDescriptor;
import dev.sva4j.vendor.smmu.layout.StreamTable;
import dev.sva4j.vendor.smmu.layout.StreamTableEntry;
import dev.sva4j.vendor.smmu.layout.StreamTableRegisters;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A stream table, as it comes into being. */
final class Streams {
    /** All devices have StreamIDs below 2^8. */
    private static final int LOG2_STREAMS = 8;

    private static final int LARGEST_SPLIT = 10;
    private static final int[] SPLITS = {6, 8, 10};

    private final SplittableRandom random;
    final long base;
    final int config;

    /** L1STDs by their address. */
    final TreeMap<Long, Long> descriptors = new TreeMap<>();

    /** Addresses of the STEs of the devices. */
    final List<Long> entries = new ArrayList<>();

    Streams(SplittableRandom random, Addresses addresses, boolean twoLevel) {
        this.random = random;
        int log2Size = random.nextInt(12) == 0 ? 6 + random.nextInt(2) : LOG2_STREAMS + random.nextInt(2);
        int split = SPLITS[random.nextInt(SPLITS.length)];
        this.config = (int) (StreamTableRegisters.STRTAB_BASE_CFG_LOG2SIZE.encode(log2Size)
                | StreamTableRegisters.STRTAB_BASE_CFG_SPLIT.encode(split)
                | StreamTableRegisters.STRTAB_BASE_CFG_FMT.encode(
                        twoLevel ? StreamTableRegisters.FMT_TWO_LEVEL : StreamTableRegisters.FMT_LINEAR));
        this.base =
                addresses.table(twoLevel ? StreamTable.l1Bytes(log2Size, split) : StreamTable.linearBytes(log2Size));
        for (int device = 0; device < Bench.devices(); device++) {
            long sid = Bench.requester(device);
            entries.add(twoLevel ? twoLevelEntry(addresses, sid, split) : StreamTable.linearAddress(base, sid));
        }
    }

    private long twoLevelEntry(Addresses addresses, long sid, int split) {
        long at = StreamTable.l1Address(base, sid, split);
        int log2Entries = Math.min(split, LOG2_STREAMS + random.nextInt(2));
        long descriptor = descriptors.computeIfAbsent(
                at,
                // Aligned for the largest Span, as hardware ignores lower bits and QEMU does not.
                key -> L1StreamTableDescriptor.encode(
                        addresses.table(StreamTable.l2Bytes(LARGEST_SPLIT)), log2Entries));
        return StreamTable.l2Address(L1StreamTableDescriptor.L2_PTR.getAddress(descriptor), sid, split);
    }

    /** An STE that leads to a context. What it says besides that has no effect here. */
    long[] entry(Context context) {
        long[] ste = new long[StreamTableEntry.LAYOUT.words()];
        ste[0] = StreamTableEntry.V.encode(true)
                | StreamTableEntry.CONFIG.encode(StreamTableEntry.CONFIG_S1_TRANSLATE)
                | StreamTableEntry.S1_FMT.encode(random.nextInt(4))
                | StreamTableEntry.S1_CONTEXT_PTR.encodeAddress(context.at);
        ste[1] = StreamTableEntry.S1DSS.encode(random.nextInt(4))
                | StreamTableEntry.S1CIR.encode(random.nextInt(4))
                | StreamTableEntry.S1CSH.encode(random.nextInt(4))
                | StreamTableEntry.SW_RESERVED.encode(random.nextInt(16))
                | StreamTableEntry.SHCFG.encode(random.nextInt(4));
        return ste;
    }
}
