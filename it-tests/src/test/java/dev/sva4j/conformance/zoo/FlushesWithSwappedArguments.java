package dev.sva4j.conformance.zoo;

import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.vendor.vtd.layout.InvalidationDescriptor;
import dev.sva4j.vendor.vtd.layout.PasidIotlbInvalidate;

/** Domain and PASID changed places. */
final class FlushesWithSwappedArguments extends Animal {
    FlushesWithSwappedArguments(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about(
                        "\"iommu/amd: Fix argument order in amd_iommu_dev_flush_pasid_all()\": the old process stayed in the cache under its PASID")
                .fails("7.4 7.6");
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        return super.driver(sound, new ChangedCommands(host, CommandRing.VTD, FlushesWithSwappedArguments::swap));
    }

    private static final int LARGEST_DOMAIN = 0xffff;

    private static long[] swap(long[] command) {
        if (InvalidationDescriptor.of(command[0]) == InvalidationDescriptor.P_IOTLB_INV
                && PasidIotlbInvalidate.G.get(command[0]) == PasidIotlbInvalidate.G_PASID) {
            int did = (int) PasidIotlbInvalidate.DID.get(command[0]);
            int pasid = (int) PasidIotlbInvalidate.PASID.get(command[0]);
            if (pasid <= LARGEST_DOMAIN) {
                command[0] = PasidIotlbInvalidate.pasidWord0(pasid, did);
            }
        }
        return command;
    }
}
