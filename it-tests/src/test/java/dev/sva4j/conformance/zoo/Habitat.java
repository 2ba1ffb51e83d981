package dev.sva4j.conformance.zoo;

import dev.sva4j.api.DeviceSpec;
import dev.sva4j.conformance.UntaggedSmmu;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.TransactionKind;
import dev.sva4j.vendor.smmu.SmmuVendor;
import dev.sva4j.vendor.vtd.VtdVendor;
import java.util.function.Supplier;

/** A sound plug-in, with the one device that meets most of it. */
enum Habitat {
    SMMU("SMMUv3", SmmuVendor::new, Devices.PAGE_REQUESTS),
    VTD("VT-d", VtdVendor::new, Devices.PAGE_REQUESTS),

    /** Without PASIDs: processes are bound to untagged traffic. */
    UNTAGGED_SMMU(
            "untagged SMMUv3",
            () -> new UntaggedSmmu(TransactionKind.ATOMIC, TransactionKind.STALL),
            DeviceSpec.platform("stall0", 0x30).withPasidBits(0));

    private final String display;
    private final Supplier<IommuVendor> vendor;
    private final DeviceSpec device;

    Habitat(String display, Supplier<IommuVendor> vendor, DeviceSpec device) {
        this.display = display;
        this.vendor = vendor;
        this.device = device;
    }

    String display() {
        return display;
    }

    IommuVendor vendor() {
        return vendor.get();
    }

    DeviceSpec device() {
        return device;
    }

    private static final class Devices {
        private static final DeviceSpec PAGE_REQUESTS = DeviceSpec.pci("pri0", 0x0100);
    }
}
