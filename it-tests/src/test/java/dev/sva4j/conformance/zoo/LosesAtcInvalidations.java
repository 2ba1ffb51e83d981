package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.forward.ForwardingHardwareHost;
import dev.sva4j.spi.DeviceLink;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.ResponseCode;
import java.util.concurrent.atomic.AtomicReference;

/** Devices keep whatever they have been told. */
final class LosesAtcInvalidations extends Animal {
    LosesAtcInvalidations(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about(
                        "\"iommu/vt-d: Fix missed device TLB cache tag\": the device TLB was in no list, so nobody flushed it")
                .fails(
                        "1.2 1.6 1.7 1.8 1.10 2.1 3.4 3.5 3.6 3.7 3.8 3.9 3.10 3.11 3.12 4.2 4.3 4.5 4.6 4.7 4.8 5.1 5.2 5.3 5.6 5.7 5.9 5.10 5.12 5.13 6.5 7.1 7.2 7.3 7.4 7.5 7.6 8.2 10.3 10.4 10.5 10.6 10.7 10.8")
                .mayFail("2.5 4.9 4.10 6.11 6.12 6.13 8.7", Plate.RACE);
    }

    @Override
    IommuHardware hardware(IommuVendor sound, HardwareHost host) {
        AtomicReference<IommuHardware> made = new AtomicReference<>();
        DeviceLink devices = host.devices();
        IommuHardware hardware = super.hardware(sound, new ForwardingHardwareHost(host) {
            @Override
            public DeviceLink devices() {
                return new DeviceLink() {
                    @Override
                    public void invalidateAtc(
                            int requester, int pasid, long address, int log2Bytes, boolean global, int tag) {
                        made.get().atcInvalidationComplete(requester, tag);
                    }

                    @Override
                    public void pageGroupResponse(int requester, int pasid, int group, ResponseCode code) {
                        devices.pageGroupResponse(requester, pasid, group, code);
                    }
                };
            }
        });
        made.set(hardware);
        return hardware;
    }
}
