package dev.sva4j.vendor.amd.driver;

import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.DOMAIN_ID;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.GCR3TRP;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.GIOV;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.GLX;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.GPM;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.GV;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.HAD;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.HOST_PAGE_TABLE_ROOT;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.I;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.IR;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.IW;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.MODE;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.PPR;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.TV;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.V;

import dev.sva4j.vendor.amd.layout.DeviceTableEntry;
import dev.sva4j.vendor.amd.layout.HostPageTableFormat;

/**
 * The device table entries that a device goes through (AMD-Vi 2.2.2; Linux {@code set_dte_gcr3_table}). Interrupts are not
 * remapped, and every fault is logged (SE = SA = 0): a bit for all PASIDs of a device would hide faults of those that live.
 */
final class EntryValues {
    private EntryValues() {}

    /** Word 0 of an entry that lets nothing through: translation is on, and nothing may be read or written. */
    static long blockedWord0() {
        return TV.put(V.encode(true), true);
    }

    /** Whether an entry with this word 0 lets nothing through. */
    static boolean isBlocked(long word0) {
        return word0 == blockedWord0();
    }

    /** Nothing is let through. */
    static long[] blocked() {
        return entry(blockedWord0(), 0);
    }

    /** Device addresses are physical ones. */
    static long[] passThrough(int domainId) {
        return entry(permittedWord0(), DOMAIN_ID.encode(domainId));
    }

    /** Host page tables for requests without PASID; there are no others. */
    static long[] host(HostPageTableFormat format, long root, int domainId) {
        long word0 = MODE.put(permittedWord0(), format.levels());
        word0 = HAD.put(word0, format.had());
        word0 = HOST_PAGE_TABLE_ROOT.putAddress(word0, root);
        return entry(word0, DOMAIN_ID.encode(domainId));
    }

    /**
     * Guest page tables by PASID, without a host page table below them. Neither ATS nor page requests are allowed.
     *
     * @param untagged whether requests without PASID are handled as PASID 0; otherwise they pass
     */
    static long[] guest(Gcr3Tables tables, int domainId, boolean untagged) {
        return guest(tables.root(), tables.glx(), DeviceTableEntry.GPM_4_LEVEL, domainId, untagged);
    }

    static long[] guest(long root, int glx, int gpm, int domainId, boolean untagged) {
        long[] entry = entry(GLX.put(GV.put(permittedWord0(), true), glx), DOMAIN_ID.encode(domainId));
        GCR3TRP.encodeInto(entry, root);
        GPM.encodeInto(entry, gpm);
        entry[0] = withUntagged(entry[0], untagged);
        return entry;
    }

    /** Word 0 with requests without PASID handled as PASID 0, or passed. */
    static long withUntagged(long word0, boolean untagged) {
        return GIOV.put(word0, untagged);
    }

    /** Word 0 with page requests allowed or not. */
    static long withPageRequests(long word0, boolean allowed) {
        return PPR.put(word0, allowed);
    }

    /** Word 1 with ATS allowed or not. */
    static long withAts(long word1, boolean allowed) {
        return I.put(word1, allowed);
    }

    /** Word 0 with another host page table. */
    static long withHostRoot(long word0, long root) {
        return HOST_PAGE_TABLE_ROOT.putAddress(word0, root);
    }

    private static long permittedWord0() {
        return IW.put(IR.put(blockedWord0(), true), true);
    }

    private static long[] entry(long word0, long word1) {
        return new long[] {word0, word1, 0, 0};
    }
}
