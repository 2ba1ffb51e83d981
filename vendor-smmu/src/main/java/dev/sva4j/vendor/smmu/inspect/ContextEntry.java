package dev.sva4j.vendor.smmu.inspect;

import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.vendor.smmu.layout.AddressSize;
import dev.sva4j.vendor.smmu.layout.ContextDescriptor;
import dev.sva4j.vendor.smmu.layout.FaultResponse;
import java.util.ArrayList;
import java.util.List;

/** A context descriptor as it was in memory (IHI 0070 §5.4). */
final class ContextEntry {
    private static final int WORDS = 8;

    private final long[] words;

    private ContextEntry(long[] words) {
        this.words = words;
    }

    static ContextEntry read(PhysicalMemory memory, long address) {
        long[] words = new long[WORDS];
        for (int i = 0; i < WORDS; i++) {
            words[i] = memory.loadAcquire(address + (long) Long.BYTES * i);
        }
        return new ContextEntry(words);
    }

    boolean isValid() {
        return ContextDescriptor.V.isSet(words[0]);
    }

    boolean isBigEndian() {
        return ContextDescriptor.ENDI.isSet(words[0]);
    }

    /** Whether its tables are VMSAv8-64. */
    boolean isAarch64() {
        return ContextDescriptor.AA64.isSet(words[0]);
    }

    /** HA: whether hardware sets the access flags of its tables. */
    boolean updatesTables() {
        return ContextDescriptor.HA.isSet(words[0]);
    }

    /** Whether no address is walked, in either half. */
    boolean walksNothing() {
        return ContextDescriptor.EPD0.isSet(words[0]) && ContextDescriptor.EPD1.isSet(words[0]);
    }

    /** Whether translation faults abort and leave no record. */
    boolean faultsInSilence() {
        FaultResponse response = FaultResponse.ofContextDescriptor(words[0]);
        return response.aborts() && !response.records();
    }

    /**
     * The page tables in use, lower half first.
     *
     * @param outputBits what the implementation can put out, caps IPS
     */
    List<ContextTables> tables(int outputBits) {
        long word0 = words[0];
        int sizeBits = Math.min(outputBits, AddressSize.bits(ContextDescriptor.IPS.get(word0)));
        List<ContextTables> tables = new ArrayList<>(2);
        if (!ContextDescriptor.EPD0.isSet(word0)) {
            tables.add(ContextTables.lower(words, sizeBits));
        }
        if (!ContextDescriptor.EPD1.isSet(word0)) {
            tables.add(ContextTables.upper(words, sizeBits));
        }
        return tables;
    }
}
