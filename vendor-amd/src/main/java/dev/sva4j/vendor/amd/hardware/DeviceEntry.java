package dev.sva4j.vendor.amd.hardware;

import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.GIOV;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.GLX;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.GLX_RESERVED;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.GPM;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.GPM_5_LEVEL;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.GPRP;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.GV;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.HAD;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.HAD_RESERVED;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.I;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.INT_CTL;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.IO_CTL;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.IR;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.IV;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.IW;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.LAYOUT;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.MODE;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.PPR;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.SA;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.SE;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.TV;
import static dev.sva4j.vendor.amd.layout.DeviceTableEntry.V;

import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.hardware.Request;
import dev.sva4j.vendor.amd.layout.DeviceTableEntry;
import java.util.concurrent.atomic.AtomicBoolean;

/** A device table entry as translations use it (AMD-Vi 2.2.2). Immutable, but for what SE has to remember. */
final class DeviceEntry {
    /** The fault of every request, or 0. */
    final long fault;

    /** V. */
    final boolean valid;

    /** TV. */
    final boolean translates;

    /** Levels of the host page table; 0 if there is none. */
    final int mode;

    final long hostRoot;
    final boolean pageRequestsAllowed;

    /** GPRP: responses that hardware makes have a PASID. */
    final boolean responsesTagged;

    /** GV. */
    final boolean guests;

    /** GLX. */
    final int glx;

    final long gcr3Root;
    final int guestLevels;
    final boolean readable;
    final boolean writable;
    final int domain;

    /** I: translation requests and translated requests are allowed. */
    final boolean deviceTlb;

    /** IV = 1 with IntCtl = 0. */
    final boolean interruptsAbort;

    private final boolean untaggedIsPasid0;
    private final boolean silent;
    private final boolean firstOnly;

    /** SE: whether this entry, as it was cached, has had its one fault logged. Any thread sets it, once. */
    private final AtomicBoolean logged = new AtomicBoolean();

    private DeviceEntry(long fault, long[] words) {
        long word0 = words[0];
        long word1 = words[1];
        long word2 = words[2];
        this.fault = fault;
        this.valid = V.isSet(word0);
        this.translates = TV.isSet(word0);
        this.mode = (int) MODE.get(word0);
        this.hostRoot = DeviceTableEntry.HOST_PAGE_TABLE_ROOT.getAddress(word0);
        this.pageRequestsAllowed = PPR.isSet(word0);
        this.responsesTagged = GPRP.isSet(word0);
        this.guests = GV.isSet(word0);
        this.glx = (int) GLX.get(word0);
        this.gcr3Root = DeviceTableEntry.gcr3Root(word0, word1);
        this.guestLevels = DeviceTableEntry.guestLevels(word2);
        this.untaggedIsPasid0 = guests && GIOV.isSet(word0);
        this.readable = IR.isSet(word0);
        this.writable = IW.isSet(word0);
        this.domain = (int) DeviceTableEntry.DOMAIN_ID.get(word1);
        this.deviceTlb = I.isSet(word1);
        this.firstOnly = SE.isSet(word1);
        this.silent = SA.isSet(word1);
        this.interruptsAbort = IV.isSet(word2) && INT_CTL.get(word2) == 0;
    }

    /** A device without a usable entry. */
    static DeviceEntry faulty(long fault) {
        return new DeviceEntry(fault, new long[LAYOUT.words()]);
    }

    /** Takes an entry apart and checks it. */
    static DeviceEntry decode(long[] words, Features features) {
        boolean illegal = V.isSet(words[0]) && isIllegal(words, features);
        return new DeviceEntry(illegal ? Fault.ILLEGAL_DEVICE : 0, words);
    }

    /**
     * Reserved bits of what V makes valid, which are words 0 and 1, and fields of features that are not there
     * (VirtualBox). That reserved encodings of HAD, GLX and GPM are illegal like that of IoCtl is no more than likely.
     * What IV makes valid counts for interrupts only.
     */
    private static boolean isIllegal(long[] words, Features features) {
        long word0 = words[0];
        return (word0 & LAYOUT.reservedMask(0)) != 0
                || (words[1] & LAYOUT.reservedMask(1)) != 0
                || HAD.get(word0) == HAD_RESERVED
                || IO_CTL.get(words[1]) == IO_CTL.max()
                || (!features.enhancedPageRequests && (PPR.isSet(word0) || GPRP.isSet(word0)))
                || (!features.guestUntagged && GIOV.isSet(word0))
                || (!features.guests && hasGuestFields(words))
                || (GV.isSet(word0) && (GLX.get(word0) == GLX_RESERVED || GPM.get(words[2]) > GPM_5_LEVEL));
    }

    private static boolean hasGuestFields(long[] words) {
        return GV.isSet(words[0]) || GLX.get(words[0]) != 0 || DeviceTableEntry.gcr3Root(words[0], words[1]) != 0;
    }

    /** Whether a request is for guest tables: its address is a guest virtual one. */
    boolean isGuestRequest(int pasid) {
        return pasid != Pasid.NONE || untaggedIsPasid0;
    }

    /** The PASID whose tables a guest request uses. */
    static int effectivePasid(int pasid) {
        return pasid == Pasid.NONE ? 0 : pasid;
    }

    /** Whether IR and IW let a request pass. */
    boolean allows(int request) {
        return (readable || !Request.has(request, Request.READ)) && (writable || !Request.has(request, Request.WRITE));
    }

    /** Whether an IO_PAGE_FAULT of the device is logged: SA, or else SE, may say no. */
    boolean logsPageFault() {
        return !silent && (!firstOnly || !logged.getAndSet(true));
    }
}
