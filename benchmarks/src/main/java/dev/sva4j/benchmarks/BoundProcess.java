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
import dev.sva4j.api.SvaSystemBuilder;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.DirectTranslation;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
    final CapturedHalves halves;

    BoundProcess(String vendor, int pages, boolean ats, Behaviour behaviour) {
        this(vendor, pages, ats, behaviour, builder -> {});
    }

    /** The same in a system that differs in some point. */
    BoundProcess(String vendor, int pages, boolean ats, Behaviour behaviour, Consumer<SvaSystemBuilder> variation) {
        CapturedHalves captured = CapturedHalves.of(vendor);
        DeviceSpec spec = DeviceSpec.pci("dev0", 0x100).withAts(ats);
        SvaSystemBuilder builder = SvaSystem.builder()
                .vendor(captured)
                .memory(Math.max(64L << 20, (long) pages * PAGE * 2))
                .behaviour(behaviour)
                .device(spec)
                .device(DeviceSpec.pci("dev1", 0x200).withAts(ats));
        variation.accept(builder);
        system = builder.build();
        halves = captured;
        AtomicReference<@Nullable SvaBond> bound = new AtomicReference<>();
        // Under a seeded scheduler there is no other way in.
        system.scheduler().run("set-up", () -> bound.set(bind(system, (long) pages * PAGE)));
        bond = Objects.requireNonNull(bound.get());
        device = bond.device();
        mm = bond.addressSpace();
        port = system.endpoint("dev0").openPort();
        translation = captured.hardware()
                .directTranslation()
                .orElseThrow(() -> new IllegalStateException(vendor + " has no direct translation"));
        requester = spec.requester();
    }

    private static SvaBond bind(SvaSystem system, long bytes) {
        AddressSpace process = system.createAddressSpace("app");
        process.map(AT, bytes, Protection.READ_WRITE);
        process.populate(AT, bytes, Access.WRITE);
        return system.initDevice("dev0", DeviceOptions.DEFAULT.withFeatures()).bind(process, null);
    }

    @Override
    public void close() {
        system.scheduler().run("unbind", bond::unbind);
        system.close();
    }
}
