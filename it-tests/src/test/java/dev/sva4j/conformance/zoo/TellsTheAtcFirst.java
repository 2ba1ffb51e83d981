package dev.sva4j.conformance.zoo;

import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.vendor.vtd.layout.InvalidationDescriptor;
import dev.sva4j.vendor.vtd.layout.PasidDeviceTlbInvalidate;
import dev.sva4j.vendor.vtd.layout.PasidIotlbInvalidate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the device forgets it can learn again from the IOTLB. */
final class TellsTheAtcFirst extends Animal {
    TellsTheAtcFirst(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about("device TLB before IOTLB, from which it can learn again what it had to forget")
                .fails("4.5 7.6 8.2")
                .mayFail("3.12", Plate.RACE);
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        return super.driver(sound, new ChangedCommands(host, CommandRing.VTD, new Exchange()::change));
    }

    /** The two commands of a PASID change places. Called under the driver's lock. */
    private static final class Exchange {
        private final Map<Long, Deque<long[]>> held = new ConcurrentHashMap<>();

        long[] change(long[] command) {
            InvalidationDescriptor type = InvalidationDescriptor.of(command[0]);
            if (type == InvalidationDescriptor.P_IOTLB_INV && PasidIotlbInvalidate.PASID.get(command[0]) != 0) {
                waiting(PasidIotlbInvalidate.PASID.get(command[0])).add(command);
                return forDevice(command);
            }
            if (type == InvalidationDescriptor.P_DEV_TLB_INV
                    && PasidDeviceTlbInvalidate.SID.get(command[0]) == DEVICE) {
                long[] first =
                        waiting(PasidDeviceTlbInvalidate.PASID.get(command[0])).poll();
                return first == null ? command : first;
            }
            return command;
        }

        private Deque<long[]> waiting(long pasid) {
            return held.computeIfAbsent(pasid, key -> new ArrayDeque<>());
        }

        private static long[] forDevice(long[] iotlb) {
            int pasid = (int) PasidIotlbInvalidate.PASID.get(iotlb[0]);
            boolean page = PasidIotlbInvalidate.G.get(iotlb[0]) == PasidIotlbInvalidate.G_PAGE;
            long address = page ? PasidIotlbInvalidate.ADDR.getAddress(iotlb[1]) : 0;
            int order = page ? (int) PasidIotlbInvalidate.AM.get(iotlb[1]) : ALL;
            return new long[] {
                PasidDeviceTlbInvalidate.word0(DEVICE, pasid, 0, 0),
                PasidDeviceTlbInvalidate.word1(address, order),
                0,
                0
            };
        }
    }

    private static final int DEVICE = 0x100;
    private static final int ALL = 52;
}
