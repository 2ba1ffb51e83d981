package dev.sva4j.conformance.zoo;

import dev.sva4j.api.DeviceSpec;
import dev.sva4j.conformance.forward.ForwardingVendor;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.IommuVendor;

/**
 * A plug-in that was right until one thing was changed in it: a bug that a real kernel or part had, or something unusual that is right all
 * the same. The change is made at a border (bytes, registers, the ports of a half), so it needs no copy of the plug-in.
 */
abstract class Animal {
    private final Habitat habitat;

    Animal(Habitat habitat) {
        this.habitat = habitat;
    }

    /** What it is and which rules find it. */
    abstract Plate plate();

    /** Its driver half, made by {@code sound}. */
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        return sound.createDriver(host);
    }

    /** Its hardware half, made by {@code sound}. */
    IommuHardware hardware(IommuVendor sound, HardwareHost host) {
        return sound.createHardware(host);
    }

    /** The behaviour that brings most to light. */
    Behaviour behaviour() {
        return Behaviour.TENACIOUS;
    }

    /** The device that does. */
    DeviceSpec device() {
        return habitat.device();
    }

    final Habitat habitat() {
        return habitat;
    }

    /** The class and what it was built on. */
    final String name() {
        return getClass().getSimpleName() + " in " + habitat.display();
    }

    final IommuVendor vendor() {
        IommuVendor sound = habitat.vendor();
        return new ForwardingVendor(sound) {
            @Override
            public IommuDriver createDriver(DriverHost host) {
                return driver(sound, host);
            }

            @Override
            public IommuHardware createHardware(HardwareHost host) {
                return hardware(sound, host);
            }
        };
    }

    @Override
    public final String toString() {
        return name();
    }
}
