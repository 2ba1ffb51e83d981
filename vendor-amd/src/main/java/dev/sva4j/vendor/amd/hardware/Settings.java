package dev.sva4j.vendor.amd.hardware;

import dev.sva4j.vendor.amd.layout.ControlRegister;
import dev.sva4j.vendor.amd.layout.DeviceTable;
import java.util.List;

/**
 * What the control registers say, as one immutable value: a translation reads it once and is not torn by a register
 * write.
 *
 * @param control CONTROL
 * @param deviceTables DEVTAB_BASE, and those of the segments
 */
record Settings(long control, List<Long> deviceTables) {
    boolean enabled() {
        return ControlRegister.IOMMU_EN.isSet(control);
    }

    boolean translatesGuests() {
        return ControlRegister.GT_EN.isSet(control);
    }

    /** Whether DTE.GCR3TRP is a guest physical address. */
    boolean gcr3RootIsGuestPhysical() {
        return ControlRegister.GCR3_TRP_MODE.isSet(control);
    }

    /** Whether walks set A in guest tables. */
    boolean updatesAccessed(Features features) {
        return !features.updatesCanBeDisabled || !ControlRegister.GA_UPDATE_DIS.isSet(control);
    }

    /** Whether walks set D in guest tables. */
    boolean updatesDirty(Features features) {
        return !features.updatesCanBeDisabled || !ControlRegister.GD_UPDATE_DIS.isSet(control);
    }

    /** Whether the device table has an entry of a device. A DevTblSegEn that is not supported counts as none. */
    boolean hasDevice(int deviceId, Features features) {
        return DeviceTable.contains(tableOf(deviceId, features), indexOf(deviceId, features));
    }

    /** Where that is. */
    long deviceEntryAddress(int deviceId, Features features) {
        return DeviceTable.entryAddress(tableOf(deviceId, features), indexOf(deviceId, features));
    }

    private long tableOf(int deviceId, Features features) {
        return deviceTables.get(DeviceTable.segment(deviceId, segmentsEn(features)));
    }

    private int indexOf(int deviceId, Features features) {
        return DeviceTable.index(deviceId, segmentsEn(features));
    }

    private long segmentsEn(Features features) {
        long wanted = ControlRegister.DEV_TBL_SEG_EN.get(control);
        return wanted <= features.largestSegmentsEn ? wanted : 0;
    }
}
