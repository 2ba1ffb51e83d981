package dev.sva4j.vendor.amd.inspect;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.RegisterValues;
import dev.sva4j.spi.inspect.PresentEntries;
import dev.sva4j.spi.layout.RegisterLayout;
import dev.sva4j.vendor.amd.layout.ControlRegister;
import dev.sva4j.vendor.amd.layout.DeviceTableBase;
import dev.sva4j.vendor.amd.layout.ExtendedFeatures;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The registers that say how the tables of an image are to be read.
 *
 * <p>Features that are not given are taken to be those of an IOMMU which can do everything we can read: tables that a
 * driver wrote do not ask for more than its hardware had, so a generous guess finds no fault where the machine found
 * none. A Control register that is not given has everything on that changes how tables are read, but no segments.
 *
 * @param deviceTables DEVTAB_BASE, and those of the other segments in use
 * @param control CONTROL
 * @param efr EXT_FEATURE
 */
record ImageRegisters(List<Long> deviceTables, long control, long efr) {
    static final Set<String> REQUIRED = Set.of(DeviceTableBase.DEVTAB_BASE.name());

    private static final List<RegisterLayout> READ =
            List.of(DeviceTableBase.DEVTAB_BASE, ControlRegister.CONTROL, ExtendedFeatures.EXT_FEATURE);

    /** For messages. */
    static final String TABLE = "the device table";

    private static final long MOST_SEGMENTS_EN = 3;

    private static final long DEFAULT_CONTROL =
            ControlRegister.IOMMU_EN.encode(true) | ControlRegister.GT_EN.encode(true);

    private static final long DEFAULT_EFR = ExtendedFeatures.PPR_SUP.encode(1)
            | ExtendedFeatures.NX_SUP.encode(1)
            | ExtendedFeatures.GT_SUP.encode(1)
            | ExtendedFeatures.HATS.encode(2)
            | ExtendedFeatures.GATS.encode(1)
            | ExtendedFeatures.GLX_SUP.encode(2)
            | ExtendedFeatures.PAS_MAX.encode(19)
            | ExtendedFeatures.US_SUP.encode(1)
            | ExtendedFeatures.GIO_SUP.encode(1)
            | ExtendedFeatures.HA_SUP.encode(1)
            | ExtendedFeatures.EPH_SUP.encode(1)
            | ExtendedFeatures.HD_SUP.encode(1);

    static ImageRegisters of(RegisterValues registers) {
        registers.require("AMD-Vi tables", REQUIRED);
        long control = registers.valueOf(ControlRegister.CONTROL, DEFAULT_CONTROL);
        long segmentsEn = ControlRegister.DEV_TBL_SEG_EN.get(control);
        if (segmentsEn > MOST_SEGMENTS_EN) {
            throw new SvaException(
                    SvaError.INVALID,
                    String.format("CONTROL 0x%x: DevTblSegEn %d is reserved (3 for 8 segments)", control, segmentsEn));
        }
        Set<String> names = new TreeSet<>(REQUIRED);
        List<Long> tables = new ArrayList<>(List.of(registers.valueOf(DeviceTableBase.DEVTAB_BASE, 0)));
        for (int segment = 1; segment < 1 << segmentsEn; segment++) {
            names.add(DeviceTableBase.SEGMENTS.get(segment - 1).name());
            tables.add(registers.valueOf(DeviceTableBase.SEGMENTS.get(segment - 1), 0));
        }
        registers.require("the segments of the device table", names);
        return new ImageRegisters(tables, control, registers.valueOf(ExtendedFeatures.EXT_FEATURE, DEFAULT_EFR));
    }

    /** The registers that {@link #of} looks at, as a running IOMMU without segments has them. */
    static RegisterValues read(Mmio registers) {
        return RegisterValues.read(registers, READ);
    }

    /** @throws SvaException INVALID unless these can be the registers of this image */
    void requireFit(PhysicalMemory memory) {
        if (!ControlRegister.IOMMU_EN.isSet(control)) {
            throw new SvaException(
                    SvaError.INVALID,
                    String.format("CONTROL 0x%x: IommuEn is 0, so the IOMMU was off and no table counted", control));
        }
        boolean found = false;
        for (long table : deviceTables) {
            long start = DeviceTableBase.DEV_TAB_BASE.getAddress(table);
            found |= PresentEntries.first(memory, start, DeviceTableBase.bytes(table), Long.BYTES)
                    .isPresent();
        }
        if (!found) {
            throw new SvaException(
                    SvaError.INVALID,
                    String.format(
                            "DEVTAB_BASE 0x%x: the device table at 0x%x is not in the image; "
                                    + "is this the image of the machine that the registers were read from?",
                            deviceTables.get(0), DeviceTableBase.DEV_TAB_BASE.getAddress(deviceTables.get(0))));
        }
    }

    /** DevTblSegEn: log2 of the number of segments. */
    long segmentsEn() {
        return ControlRegister.DEV_TBL_SEG_EN.get(control);
    }

    /** Whether guest translation works at all. */
    boolean translatesGuests() {
        return ExtendedFeatures.GT_SUP.isSet(efr) && ControlRegister.GT_EN.isSet(control);
    }

    /** Whether DTE.GCR3TRP is a guest physical address. */
    boolean rootIsGuestPhysical() {
        return ControlRegister.GCR3_TRP_MODE.isSet(control);
    }
}
