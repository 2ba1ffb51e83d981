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
     * @param passed whether it let it through
     * @param output where to, to the page at least; 0 if it did not
     */
    record Access(boolean passed, long output) {
        static final Access REFUSED = new Access(false, 0);
    }
}
