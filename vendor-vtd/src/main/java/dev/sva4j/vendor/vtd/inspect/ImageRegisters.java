package dev.sva4j.vendor.vtd.inspect;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.RegisterValues;
import dev.sva4j.spi.inspect.PresentEntries;
import dev.sva4j.spi.layout.RegisterLayout;
import dev.sva4j.vendor.vtd.layout.AddressWidth;
import dev.sva4j.vendor.vtd.layout.CapabilityRegister;
import dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister;
import dev.sva4j.vendor.vtd.layout.HostAddress;
import dev.sva4j.vendor.vtd.layout.RootTable;
import dev.sva4j.vendor.vtd.layout.RootTableAddress;
import dev.sva4j.vendor.vtd.layout.VersionRegister;
import java.util.List;
import java.util.Set;

/**
 * The registers that say how the tables of an image are to be read.
 *
 * <p>Capabilities that are not given are taken to be those of a unit which can do everything we can read: tables that a driver
 * wrote do not ask for more than its hardware had, so a generous guess finds no fault where the machine found none.
 *
 * @param ver VER
 * @param rtaddr RTADDR
 * @param cap CAP
 * @param ecap ECAP
 */
record ImageRegisters(long ver, long rtaddr, long cap, long ecap) {
    static final Set<String> REQUIRED = Set.of(RootTableAddress.RTADDR.name());

    private static final List<RegisterLayout> READ = List.of(
            VersionRegister.VER, RootTableAddress.RTADDR, CapabilityRegister.CAP, ExtendedCapabilityRegister.ECAP);

    /** For messages. */
    static final String TABLE = "the root table";

    /** The host's addresses are as wide as entries have room for: the width is in no register but in ACPI's DMAR table. */
    static final int HOST_ADDRESS_BITS = 52;

    private static final long DEFAULT_CAP = CapabilityRegister.ND.encode(6)
            | CapabilityRegister.SAGAW.encode(
                    1 << AddressWidth.BITS_39 | 1 << AddressWidth.BITS_48 | 1 << AddressWidth.BITS_57)
            | CapabilityRegister.MGAW.encode(AddressWidth.bits(AddressWidth.BITS_57) - 1)
            | CapabilityRegister.FRO.encode(0x22)
            | CapabilityRegister.SSLPS.encode(3)
            | CapabilityRegister.PSI.encode(1)
            | CapabilityRegister.FS1GP.encode(1)
            | CapabilityRegister.FS5LP.encode(1);

    private static final long DEFAULT_ECAP = ExtendedCapabilityRegister.C.encode(1)
            | ExtendedCapabilityRegister.QI.encode(1)
            | ExtendedCapabilityRegister.DT.encode(1)
            | ExtendedCapabilityRegister.PT.encode(1)
            | ExtendedCapabilityRegister.SC.encode(1)
            | ExtendedCapabilityRegister.IRO.encode(0x50)
            | ExtendedCapabilityRegister.NEST.encode(1)
            | ExtendedCapabilityRegister.PRS.encode(1)
            | ExtendedCapabilityRegister.SRS.encode(1)
            | ExtendedCapabilityRegister.EAFS.encode(1)
            | ExtendedCapabilityRegister.PSS.encode(19)
            | ExtendedCapabilityRegister.PASID.encode(1)
            | ExtendedCapabilityRegister.SMTS.encode(1)
            | ExtendedCapabilityRegister.SSADS.encode(1)
            | ExtendedCapabilityRegister.SSTS.encode(1)
            | ExtendedCapabilityRegister.FSTS.encode(1)
            | ExtendedCapabilityRegister.SMPWCS.encode(1)
            | ExtendedCapabilityRegister.RPS.encode(1);

    static ImageRegisters of(RegisterValues registers) {
        registers.require("VT-d tables", REQUIRED);
        return new ImageRegisters(
                registers.valueOf(VersionRegister.VER, 0),
                registers.valueOf(RootTableAddress.RTADDR, 0),
                registers.valueOf(CapabilityRegister.CAP, DEFAULT_CAP),
                registers.valueOf(ExtendedCapabilityRegister.ECAP, DEFAULT_ECAP));
    }

    /** The registers that {@link #of} looks at, as a running IOMMU has them. */
    static RegisterValues read(Mmio registers) {
        return RegisterValues.read(registers, READ);
    }

    /** @throws SvaException INVALID unless these can be the registers of this image */
    void requireFit(PhysicalMemory memory) {
        long ttm = RootTableAddress.TTM.get(rtaddr);
        if (ttm != RootTableAddress.TTM_LEGACY && ttm != RootTableAddress.TTM_SCALABLE) {
            throw new SvaException(
                    SvaError.INVALID,
                    String.format(
                            "RTADDR 0x%x: TTM %d has no tables (0 legacy, 1 scalable, 2 reserved, 3 abort DMA)",
                            rtaddr, ttm));
        }
        if (isScalable() && !ExtendedCapabilityRegister.SMTS.isSet(ecap)) {
            throw new SvaException(
                    SvaError.INVALID,
                    String.format(
                            "RTADDR 0x%x is of scalable mode, which ECAP 0x%x does not have (SMTS = 0)", rtaddr, ecap));
        }
        if (!isHostAddress(rootTable())
                || PresentEntries.first(memory, rootTable(), RootTable.BYTES, Long.BYTES)
                        .isEmpty()) {
            throw new SvaException(
                    SvaError.INVALID,
                    String.format(
                            "RTADDR 0x%x: the root table at 0x%x is not in the image; "
                                    + "is this the image of the machine that the registers were read from?",
                            rtaddr, rootTable()));
        }
    }

    boolean isScalable() {
        return RootTableAddress.TTM.get(rtaddr) == RootTableAddress.TTM_SCALABLE;
    }

    /** Whether a pointer has no bit that is reserved on every machine. */
    static boolean isHostAddress(long address) {
        return HostAddress.fits(address, HOST_ADDRESS_BITS);
    }

    long rootTable() {
        return RootTableAddress.RTA.getAddress(rtaddr);
    }
}
