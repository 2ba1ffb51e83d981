package dev.sva4j.vendor.vtd.inspect;

import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister;
import dev.sva4j.vendor.vtd.layout.PasidTable;
import dev.sva4j.vendor.vtd.layout.ScalableContextEntry;

/** A context entry of scalable mode as it was in memory (VT-d 9.4). */
record ScalableContext(long word0, long word1) {

    static ScalableContext read(PhysicalMemory memory, long address) {
        return new ScalableContext(memory.loadAcquire(address), memory.loadAcquire(address + Long.BYTES));
    }

    boolean isPresent() {
        return ScalableContextEntry.P.isSet(word0);
    }

    /** Whether hardware goes on with a present entry, as far as pointers are concerned. */
    boolean isSound() {
        return ImageRegisters.isHostAddress(directory());
    }

    /** FPD. */
    boolean isSilent() {
        return ScalableContextEntry.FPD.isSet(word0);
    }

    /** PASIDE. */
    boolean takesPasids() {
        return ScalableContextEntry.PASIDE.isSet(word0);
    }

    /** EPTR. */
    boolean translatesTagged() {
        return ScalableContextEntry.EPTR.isSet(word0);
    }

    long directory() {
        return ScalableContextEntry.PASIDDIRPTR.getAddress(word0);
    }

    int directoryBytes() {
        return PasidTable.directoryBytes(ScalableContextEntry.PDTS.get(word0));
    }

    boolean holds(int pasid) {
        return pasid <= PasidTable.largestPasid(ScalableContextEntry.PDTS.get(word0));
    }

    /** The PASID whose entry requests without PASID use. */
    int ridPasid(ImageRegisters registers) {
        return ExtendedCapabilityRegister.RPS.isSet(registers.ecap())
                ? (int) ScalableContextEntry.RID_PASID.get(word1)
                : 0;
    }
}
