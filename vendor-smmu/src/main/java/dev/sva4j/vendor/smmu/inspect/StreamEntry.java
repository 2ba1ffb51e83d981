package dev.sva4j.vendor.smmu.inspect;

import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.vendor.smmu.layout.ContextDescriptorTable;
import dev.sva4j.vendor.smmu.layout.StreamTableEntry;

/** A stream table entry with V = 1 as it was in memory. */
final class StreamEntry {
    private static final int WORDS = 8;

    private final int sid;
    private final long[] words;

    private StreamEntry(int sid, long[] words) {
        this.sid = sid;
        this.words = words;
    }

    static StreamEntry read(PhysicalMemory memory, int sid, long address) {
        long[] words = new long[WORDS];
        for (int i = 0; i < WORDS; i++) {
            words[i] = memory.loadAcquire(address + (long) Long.BYTES * i);
        }
        return new StreamEntry(sid, words);
    }

    /** Whether this first word belongs to an entry that does more than abort in silence or with C_BAD_STE. */
    static boolean isActive(long word0) {
        return StreamTableEntry.V.isSet(word0) && config(word0) >= StreamTableEntry.CONFIG_BYPASS;
    }

    private static int config(long word0) {
        return (int) StreamTableEntry.CONFIG.get(word0);
    }

    int sid() {
        return sid;
    }

    boolean isValid() {
        return StreamTableEntry.V.isSet(words[0]);
    }

    int config() {
        return config(words[0]);
    }

    /** S1ContextPtr; hardware ignores bits below the size of what it points to. */
    long contextPtr() {
        return StreamTableEntry.S1_CONTEXT_PTR.getAddress(words[0])
                & -ContextDescriptorTable.rootBytes(log2Contexts(), format());
    }

    /** S1CDMax: log2 of the number of context descriptors. */
    int log2Contexts() {
        return (int) StreamTableEntry.S1CD_MAX.get(words[0]);
    }

    /** S1Fmt. */
    int format() {
        return (int) StreamTableEntry.S1_FMT.get(words[0]);
    }

    /** Whether traffic without a SubstreamID bypasses stage 1. */
    boolean untaggedBypasses() {
        return log2Contexts() != 0 && s1dss() == StreamTableEntry.S1DSS_BYPASS;
    }

    /**
     * Whether traffic without a SubstreamID uses the descriptor of SubstreamID 0, which then has no traffic of its own.
     */
    boolean untaggedUsesContext0() {
        return log2Contexts() != 0 && s1dss() == StreamTableEntry.S1DSS_SUBSTREAM0;
    }

    private int s1dss() {
        return (int) StreamTableEntry.S1DSS.get(words[1]);
    }

    /** S2TTB. */
    long stage2Root() {
        return StreamTableEntry.S2TTB.getAddress(words[3]);
    }
}
