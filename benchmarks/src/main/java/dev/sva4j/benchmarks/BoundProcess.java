package dev.sva4j.benchmarks;

import dev.sva4j.api.Access;
import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.DmaPort;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.api.SvaSystem;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.DirectTranslation;

/** A process with resident pages, bound to a device without faults: the same for every benchmark that needs one. */
final class BoundProcess implements AutoCloseable {
    static final long AT = 0x7f12_3450_0000L;
    static final int PAGE = 4096;

    final SvaSystem system;
    final SvaDevice device;
    final AddressSpace mm;
    final SvaBond bond;
    final DmaPort port;
    final DirectTranslation translation;
    final int requester;

    BoundProcess(String vendor, int pages, boolean ats, Behaviour behaviour) {
        CapturedHardware captured = CapturedHardware.of(vendor);
        DeviceSpec spec = DeviceSpec.pci("dev0", 0x100).withAts(ats);
        system = SvaSystem.builder()
                .vendor(captured)
                .memory(Math.max(64L << 20, (long) pages * PAGE * 2))
                .behaviour(behaviour)
                .device(spec)
                .device(DeviceSpec.pci("dev1", 0x200).withAts(ats))
                .build();
        device = system.initDevice("dev0", DeviceOptions.DEFAULT.withFeatures());
        mm = system.createAddressSpace("app");
        mm.map(AT, (long) pages * PAGE, Protection.READ_WRITE);
        mm.populate(AT, (long) pages * PAGE, Access.WRITE);
        bond = device.bind(mm, null);
        port = system.endpoint("dev0").openPort();
        translation = captured.hardware()
                .directTranslation()
                .orElseThrow(() -> new IllegalStateException(vendor + " has no direct translation"));
        requester = spec.requester();
    }

    @Override
    public void close() {
        bond.unbind();
        system.close();
    }
}
