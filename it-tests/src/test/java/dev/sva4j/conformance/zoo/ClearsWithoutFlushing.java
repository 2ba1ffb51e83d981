package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.forward.ForwardingDriver;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.vendor.vtd.layout.InvalidationDescriptor;

/** The list of what is to be flushed was asked too late. */
final class ClearsWithoutFlushing extends Animal {
    ClearsWithoutFlushing(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about(
                        "\"iommu/amd: Invalidate cache before removing device from domain list\": the flush went through a list that the device had just left")
                .fails("4.5");
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        Call call = new Call();
        DriverHost changed = new ChangedCommands(
                host, CommandRing.VTD, command -> call.isActive() ? withoutEffect(command) : command);
        return new ForwardingDriver(super.driver(sound, changed)) {
            @Override
            public void clearPasid(int requester, int pasid) {
                call.run(() -> super.clearPasid(requester, pasid));
            }
        };
    }

    private static long[] withoutEffect(long[] command) {
        return InvalidationDescriptor.of(command[0]) == InvalidationDescriptor.INV_WAIT
                ? command
                : CommandRing.VTD.nothing();
    }
}
