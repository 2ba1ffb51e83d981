package dev.sva4j.conformance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sva4j.api.DeviceFeature;
import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.DmaPort;
import dev.sva4j.api.IoDomain;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;

/**
 * A device beside the one under test whose every access is a fault that is reported: nothing is mapped in its domain, which belongs to its
 * driver. For hardware without PASIDs, where nothing that the device under test could send is bound to be recorded.
 */
final class Beacon implements AutoCloseable {
    private final Machine machine;
    private final IoDomain nothing;
    private final SvaDevice device;
    private final DmaPort port;
    private final int requester;

    private Beacon(Machine machine, IoDomain nothing, SvaDevice device) {
        this.machine = machine;
        this.nothing = nothing;
        this.device = device;
        this.port = machine.system().endpoint(device.spec().name()).openPort();
        this.requester = device.spec().requester();
    }

    /** Sets one up beside {@code beside}; skips the rule where the IOMMU has no tables for a driver of its own. */
    static Beacon beside(DeviceSpec beside, Machine machine) {
        DeviceSpec spec =
                new DeviceSpec(beside.name() + "-beacon", beside.unit(), beside.requester() + 16, 0, false, 0, false);
        machine.system().addDevice(spec);
        SvaDevice device =
                machine.system().initDevice(spec.name(), DeviceOptions.DEFAULT.withFeatures(DeviceFeature.NO_PASID));
        try {
            IoDomain nothing = machine.system().createDomain(IoDomain.Kind.PAGING, "nothing");
            device.attachUntagged(nothing);
            return new Beacon(machine, nothing, device);
        } catch (SvaException e) {
            assumeTrue(
                    e.error() != SvaError.UNSUPPORTED,
                    () -> "nobody can tell when every fault so far has been told: " + e.getMessage());
            throw e;
        }
    }

    /** Waits until a fault of its own has been reported. */
    void awaitReport() {
        long before = machine.log().reportsBy(requester);
        port.read(DmaPort.NO_PASID, Machine.BASE, new byte[Long.BYTES], 0, Long.BYTES);
        machine.await(
                "an access to nothing, by a device with a domain of its driver's own, is reported",
                () -> machine.log().reportsBy(requester) > before);
    }

    @Override
    public void close() {
        device.attachUntagged(null);
        nothing.close();
    }
}
