package dev.sva4j.qemu.half;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What QEMU has said of the accesses since it was last asked: its trace of the IOMMU and the print-outs of the devices.
 *
 * @param accesses how each access ended, in order
 * @param words what was read, in order; meaningless where the access was refused
 * @param lines interrupt lines that were pulsed, each once
 */
record AccessLog(List<Access> accesses, List<Integer> words, Set<Integer> lines) {
    /** One that a trace fills in. */
    static AccessLog empty() {
        return new AccessLog(new ArrayList<>(), new ArrayList<>(), new TreeSet<>());
    }

    /**
     * How the IOMMU answered an access.
     *
     * @param passed whether it let it through, and to somewhere
     * @param output where to, or the page of it; where it did not pass, the address that was nowhere, as far as is known: that of the
     *     request, or the output address if that is no memory
     */
    record Access(boolean passed, long output) {
        /** Nothing more is known. */
        static final Access REFUSED = new Access(false, 0);
    }
}
