package dev.sva4j.conformance;

import dev.sva4j.api.DeviceSpec;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.DeviceLink;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.RegisterValues;
import dev.sva4j.vendor.smmu.SmmuVendor;
import dev.sva4j.vendor.smmu.layout.Registers;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** A plug-in that was right until something was broken in it, with the one device and behaviour that bring most to light. */
abstract class BrokenSubject implements AllRules {
    /** The driver half with a fault put in. */
    IommuDriver broken(IommuDriver driver) {
        return driver;
    }

    /** What reaches devices, with a fault put in. */
    DeviceLink broken(DeviceLink devices, Supplier<IommuHardware> hardware) {
        return devices;
    }

    @Override
    public IommuVendor vendor() {
        return new ForwardingVendor(new SmmuVendor()) {
            @Override
            public IommuDriver createDriver(DriverHost host) {
                return broken(super.createDriver(host));
            }

            @Override
            public IommuHardware createHardware(HardwareHost host) {
                AtomicReference<IommuHardware> made = new AtomicReference<>();
                made.set(super.createHardware(new TappedHardwareHost(host, broken(host.devices(), made::get))));
                return made.get();
            }
        };
    }

    @Override
    public List<DeviceSpec> devices() {
        return List.of(StandardDevices.PAGE_REQUESTS);
    }

    @Override
    public List<Behaviour> behaviours() {
        return List.of(Behaviour.TENACIOUS);
    }

    @Override
    public int schedules() {
        return 2;
    }

    @Override
    public RegisterValues registers(Mmio registers) {
        return NamedRegisters.read(registers, Registers.ALL);
    }
}
