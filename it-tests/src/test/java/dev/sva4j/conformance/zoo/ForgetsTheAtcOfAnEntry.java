package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.forward.ForwardingDriver;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.vendor.vtd.layout.InvalidationDescriptor;

/** Device TLBs are told of ranges, not of entries. */
final class ForgetsTheAtcOfAnEntry extends Animal {
    ForgetsTheAtcOfAnEntry(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about(
                        "\"iommu/vt-d: Unconditionally flush device TLB for pasid table updates\": the device TLB was skipped on hardware without caching mode")
                .fails("1.8 2.1 5.1 5.2 5.3 5.6 5.7 5.10 5.13")
                .mayFail("2.5 8.7 4.9", Plate.RACE);
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        Call call = new Call();
        DriverHost changed = new ChangedCommands(
                host, CommandRing.VTD, command -> call.isActive() ? withoutDeviceTlb(command) : command);
        return new ForwardingDriver(super.driver(sound, changed)) {
            @Override
            public void clearPasid(int requester, int pasid) {
                call.run(() -> super.clearPasid(requester, pasid));
            }

            @Override
            public void quiescePasid(int requester, int pasid) {
                call.run(() -> super.quiescePasid(requester, pasid));
            }
        };
    }

    private static long[] withoutDeviceTlb(long[] command) {
        return InvalidationDescriptor.of(command[0]) == InvalidationDescriptor.P_DEV_TLB_INV
                ? CommandRing.VTD.nothing()
                : command;
    }
}
