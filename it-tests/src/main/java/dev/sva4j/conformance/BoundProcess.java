package dev.sva4j.conformance;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.SvaBond;

/** A process with one page of memory that a device is bound to and has used, so that every cache on the way knows it. */
record BoundProcess(AddressSpace mm, SvaBond bond) {
    /** Where its page is: the same in every process, so that only the PASID tells them apart. */
    static final long PAGE = Machine.BASE;

    /** What the page begins with. */
    static final long WORD = 0x5EED_0000_0000_0001L;

    int pasid() {
        return bond.pasid();
    }
}
