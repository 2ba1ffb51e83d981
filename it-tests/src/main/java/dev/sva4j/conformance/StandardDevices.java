package dev.sva4j.conformance;

import dev.sva4j.api.DeviceSpec;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.TransactionKind;
import java.util.ArrayList;
import java.util.List;

/** One device of each kind; without PASIDs where the hardware half carries none. */
final class StandardDevices {
    static final DeviceSpec PAGE_REQUESTS = DeviceSpec.pci("pri0", 0x0100);
    static final DeviceSpec ATS_ONLY = DeviceSpec.pci("ats0", 0x0200).withPageRequestCredit(0);
    static final DeviceSpec STALL = DeviceSpec.platform("stall0", 0x30);
    static final DeviceSpec NO_FAULTS = DeviceSpec.platform("pinned0", 0x40).withStall(false);

    private StandardDevices() {}

    static List<DeviceSpec> carriedBy(IommuVendor hardware) {
        List<TransactionKind> carried = hardware.carries();
        boolean tagged = carried.contains(TransactionKind.PASID_TAGGED);
        List<DeviceSpec> devices = new ArrayList<>();
        if (!tagged && !carried.contains(TransactionKind.UNTAGGED)) {
            return devices;
        }
        if (carried.contains(TransactionKind.ATS) && carried.contains(TransactionKind.PAGE_REQUEST)) {
            devices.add(PAGE_REQUESTS);
        }
        if (carried.contains(TransactionKind.ATS)) {
            devices.add(ATS_ONLY);
        }
        if (carried.contains(TransactionKind.STALL)) {
            devices.add(STALL);
        }
        devices.add(NO_FAULTS);
        return tagged
                ? devices
                : devices.stream().map(each -> each.withPasidBits(0)).toList();
    }
}
