package dev.sva4j.vendor.amd.inspect;

import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.GIOV;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.GLX;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.GPM;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.GPRP;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.GV;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.HAD;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.HAD_RESERVED;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.IO_CTL;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.IR;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.IW;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.LAYOUT;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.MODE;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.PPR;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.SA;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.TV;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.V;

import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.pagetable.Rights;
import dev.sva4j.vendor.amd.layout.DeviceTableEntry;
import dev.sva4j.vendor.amd.layout.ExtendedFeatures;

/** A device table entry as it was in memory (AMD-Vi 2.2.2). Beyond word 2 it says nothing that is modelled. */
record DeviceEntry(long word0, long word1, long word2) {

    static DeviceEntry read(PhysicalMemory memory, long address) {
        return new DeviceEntry(
                memory.loadAcquire(address),
                memory.loadAcquire(address + Long.BYTES),
                memory.loadAcquire(address + 2L * Long.BYTES));
    }

    /** V. */
    boolean isValid() {
        return V.isSet(word0);
    }

    /** Whether requests abort whatever their address: no translation, or no right to anything. */
    boolean isBlocked() {
        return !TV.isSet(word0) || (!IR.isSet(word0) && !IW.isSet(word0));
    }

    /** SA. */
    boolean isSilent() {
        return SA.isSet(word1);
    }

    /** Levels of the host page table; 0 if there is none. */
    int mode() {
        return (int) MODE.get(word0);
    }

    int had() {
        return (int) HAD.get(word0);
    }

    long hostRoot() {
        return DeviceTableEntry.HOST_PAGE_TABLE_ROOT.getAddress(word0);
    }

    /** GV. */
    boolean hasGuests() {
        return GV.isSet(word0);
    }

    /** Whether requests without PASID are handled as PASID 0. */
    boolean untaggedIsPasid0() {
        return GV.isSet(word0) && GIOV.isSet(word0);
    }

    long gcr3Root() {
        return DeviceTableEntry.gcr3Root(word0, word1);
    }

    int glx() {
        return (int) GLX.get(word0);
    }

    int guestLevels() {
        return DeviceTableEntry.guestLevels(word2);
    }

    /** What IR and IW leave of {@link Rights}. */
    int filter(int rights) {
        int taken = (IR.isSet(word0) ? 0 : Rights.READ | Rights.EXECUTE) | (IW.isSet(word0) ? 0 : Rights.WRITE);
        return rights & ~taken;
    }

    /**
     * Whether hardware refuses the entry, V = 1: with ILLEGAL_DEV_TABLE_ENTRY, or for a Mode that it has not with
     * IO_PAGE_FAULT (VirtualBox). That reserved encodings of HAD, GLX and GPM are illegal like those of IoCtl is no
     * more than likely; so it is that guest translation which is off, or deeper than supported, is a fault.
     */
    boolean isBad(ImageRegisters registers) {
        long efr = registers.efr();
        boolean illegal = (word0 & LAYOUT.reservedMask(0)) != 0
                || (word1 & LAYOUT.reservedMask(1)) != 0
                || had() == HAD_RESERVED
                || IO_CTL.get(word1) == IO_CTL.max()
                || (!ExtendedFeatures.EPH_SUP.isSet(efr) && (PPR.isSet(word0) || GPRP.isSet(word0)))
                || (!ExtendedFeatures.GIO_SUP.isSet(efr) && GIOV.isSet(word0))
                || (!ExtendedFeatures.GT_SUP.isSet(efr) && (GV.isSet(word0) || glx() != 0 || gcr3Root() != 0));
        return illegal || (TV.isSet(word0) && mode() > ExtendedFeatures.hostLevels(efr)) || hasBadGuests(registers);
    }

    private boolean hasBadGuests(ImageRegisters registers) {
        if (!hasGuests()) {
            return false;
        }
        return !registers.translatesGuests()
                || glx() > ExtendedFeatures.largestGlx(registers.efr())
                || glx() == DeviceTableEntry.GLX_RESERVED
                || GPM.get(word2) > DeviceTableEntry.GPM_5_LEVEL
                || guestLevels() > ExtendedFeatures.guestLevels(registers.efr());
    }
}
