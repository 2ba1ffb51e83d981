package dev.sva4j.vendor.vtd.hardware;

import static dev.sva4j.vendor.vtd.layout.CapabilityRegister.ESRTPS;
import static dev.sva4j.vendor.vtd.layout.CapabilityRegister.FS1GP;
import static dev.sva4j.vendor.vtd.layout.CapabilityRegister.FS5LP;
import static dev.sva4j.vendor.vtd.layout.CapabilityRegister.MAMV;
import static dev.sva4j.vendor.vtd.layout.CapabilityRegister.PSI;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.vendor.vtd.layout.AddressWidth;
import dev.sva4j.vendor.vtd.layout.CapabilityRegister;
import dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister;
import dev.sva4j.vendor.vtd.layout.HostAddress;
import dev.sva4j.vendor.vtd.layout.VersionRegister;

/** The capability registers taken apart once, for the checks that depend on them. Immutable. */
final class Features {
    private static final int LAST_VERSION_WITH_EXECUTE = 7;

    final CapabilityRegisters registers;

    /** HAW. */
    final int hostBits;

    /** Bits 51:HAW of page table entries. */
    final long hostReserved;

    /** MGAW + 1. */
    final int guestBits;

    /** Bits of FI that are kept: those of the largest address width. */
    final int faultAddressBits;

    final boolean scalable;
    final boolean abortMode;
    final boolean queuedInvalidation;
    final boolean deviceTlbs;
    final boolean pageRequests;
    final boolean pageRequestDrain;
    final boolean throttling;
    final boolean noWriteFlag;
    final boolean passThrough;
    final boolean snoopControl;
    final boolean memoryTypes;
    final boolean supervisorRequests;
    final boolean extendedAccessed;
    final boolean pasids;
    final int pasidBits;
    final boolean firstStage;
    final boolean fiveLevels;
    final boolean gigabytePages;
    final boolean secondStage;
    final boolean secondStageFlags;
    final boolean snoopedWalks;
    final boolean ridPasid;
    final boolean ridPrivilege;
    final boolean rootPointerInvalidates;
    final boolean pageSelective;
    final int largestAddressMask;
    final boolean executeRefusedEarly;

    Features(CapabilityRegisters registers) {
        this.registers = registers;
        long cap = registers.cap();
        this.hostBits = registers.hostAddressBits();
        this.hostReserved = HostAddress.reservedInEntries(hostBits);
        this.guestBits = CapabilityRegister.guestAddressBits(cap);
        this.rootPointerInvalidates = ESRTPS.isSet(cap);
        this.pageSelective = PSI.isSet(cap);
        this.largestAddressMask = (int) MAMV.get(cap);
        this.gigabytePages = FS1GP.isSet(cap);
        this.fiveLevels = FS5LP.isSet(cap);
        boolean widest = fiveLevels || CapabilityRegister.supportsWidth(cap, AddressWidth.BITS_57);
        this.faultAddressBits = AddressWidth.bits(widest ? AddressWidth.BITS_57 : AddressWidth.BITS_48);
        this.queuedInvalidation = has(ExtendedCapabilityRegister.QI);
        this.scalable = has(ExtendedCapabilityRegister.SMTS);
        this.abortMode = has(ExtendedCapabilityRegister.ADMS);
        this.deviceTlbs = has(ExtendedCapabilityRegister.DT);
        this.pageRequests = has(ExtendedCapabilityRegister.PRS);
        this.pageRequestDrain = has(ExtendedCapabilityRegister.PDS);
        this.throttling = has(ExtendedCapabilityRegister.DIT);
        this.noWriteFlag = has(ExtendedCapabilityRegister.NWFS);
        this.passThrough = has(ExtendedCapabilityRegister.PT);
        this.snoopControl = has(ExtendedCapabilityRegister.SC);
        this.memoryTypes = has(ExtendedCapabilityRegister.MTS);
        this.supervisorRequests = has(ExtendedCapabilityRegister.SRS);
        this.extendedAccessed = has(ExtendedCapabilityRegister.EAFS);
        this.pasids = has(ExtendedCapabilityRegister.PASID);
        this.pasidBits = ExtendedCapabilityRegister.pasidBits(registers.ecap());
        this.firstStage = has(ExtendedCapabilityRegister.FSTS);
        this.secondStage = has(ExtendedCapabilityRegister.SSTS);
        this.secondStageFlags = secondStage && has(ExtendedCapabilityRegister.SSADS);
        this.snoopedWalks = has(ExtendedCapabilityRegister.SMPWCS);
        this.ridPasid = has(ExtendedCapabilityRegister.RPS);
        this.ridPrivilege = has(ExtendedCapabilityRegister.RPRIVS);
        this.executeRefusedEarly = VersionRegister.MAX.get(registers.ver()) > LAST_VERSION_WITH_EXECUTE;
    }

    private boolean has(BitField capability) {
        return capability.isSet(registers.ecap());
    }

    /** Whether second-stage tables may translate addresses of this width. */
    boolean supportsWidth(long aw) {
        return AddressWidth.isValid(aw) && CapabilityRegister.supportsWidth(registers.cap(), (int) aw);
    }

    /** Whether an address of the host has no bit above HAW. */
    boolean isHostAddress(long address) {
        return HostAddress.fits(address, hostBits);
    }
}
