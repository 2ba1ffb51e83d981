package dev.sva4j.api;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.QuiesceStrategy;
import dev.sva4j.spi.Scheduler;
import java.util.ArrayList;
import java.util.List;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Describes a system. Every setter may be left out but one: a vendor, or a driver and a hardware half.
 *
 * <p>Not thread-safe.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public final class SvaSystemBuilder {
    private @Nullable ClassLoader loader;
    private @Nullable String driverId;
    private @Nullable String hardwareId;
    private @Nullable IommuVendor driverInstance;
    private @Nullable IommuVendor hardwareInstance;
    private int units = 1;
    private final List<DeviceSpec> devices = new ArrayList<>();
    private long memoryBytes = 64L << 20;
    private @Nullable PhysicalMemory memory;
    private @Nullable Scheduler scheduler;
    private @Nullable Long seed;
    private Behaviour behaviour = Behaviour.TYPICAL;
    private @Nullable String quiesceStrategy;
    private long commandTimeoutNanos = 1_000_000_000L;
    private int faultWorkers = 2;
    private final List<SvaListener> listeners = new ArrayList<>();
    private @Nullable TraceSink trace;

    SvaSystemBuilder() {}

    /** Both halves from the plug-in {@code id}. */
    public SvaSystemBuilder vendor(String id) {
        driverId = id;
        hardwareId = id;
        driverInstance = null;
        hardwareInstance = null;
        return this;
    }

    /** Both halves from this plug-in. */
    public SvaSystemBuilder vendor(IommuVendor vendor) {
        return driver(vendor).hardware(vendor);
    }

    /** The driver half from the plug-in {@code id}. */
    public SvaSystemBuilder driver(String id) {
        driverId = id;
        driverInstance = null;
        return this;
    }

    /** The driver half from this plug-in. */
    public SvaSystemBuilder driver(IommuVendor vendor) {
        driverInstance = vendor;
        return this;
    }

    /** The hardware half from the plug-in {@code id}. */
    public SvaSystemBuilder hardware(String id) {
        hardwareId = id;
        hardwareInstance = null;
        return this;
    }

    /** The hardware half from this plug-in. */
    public SvaSystemBuilder hardware(IommuVendor vendor) {
        hardwareInstance = vendor;
        return this;
    }

    /** Where plug-ins and core are looked for; the context class loader if not given. */
    public SvaSystemBuilder classLoader(ClassLoader where) {
        loader = where;
        return this;
    }

    /** Number of IOMMUs, 1 to 64. */
    public SvaSystemBuilder units(int count) {
        if (count < 1 || count > 64) {
            throw new SvaException(SvaError.RANGE, "a system has 1 to 64 IOMMUs, not " + count);
        }
        units = count;
        return this;
    }

    /** Adds a device. */
    public SvaSystemBuilder device(DeviceSpec spec) {
        devices.add(spec);
        return this;
    }

    /** Physical memory of the system's own, of this size: a multiple of 4 KiB, 1 MiB to 8 GiB. */
    public SvaSystemBuilder memory(long bytes) {
        if (bytes < 1L << 20 || bytes > 8L << 30 || bytes % 4096 != 0) {
            throw new SvaException(
                    SvaError.RANGE, "memory is a multiple of 4 KiB from 1 MiB to 8 GiB, not " + bytes + " bytes");
        }
        memoryBytes = bytes;
        memory = null;
        return this;
    }

    /**
     * Physical memory of the caller's own, for example memory that is shared with a hardware half in another process.
     * The system takes its frames from all of it, so nobody else may store anything there that has to stay; frames are
     * zeroed before they are used. It outlives the system.
     *
     * @param own with at least one whole 4 KiB frame, and at most 256 GiB from its first byte to its last: each 4 KiB
     *     between them take 4 bytes of heap
     */
    public SvaSystemBuilder memory(PhysicalMemory own) {
        List<MemoryRange> ranges = own.ranges();
        long span = ranges.isEmpty()
                ? 0
                : ranges.get(ranges.size() - 1).last() - ranges.get(0).start();
        if (ranges.isEmpty() || span < 0 || span >= 1L << 38) {
            throw new SvaException(
                    SvaError.RANGE, "memory spans at most 256 GiB and is not empty, this has ranges " + ranges);
        }
        memory = own;
        return this;
    }

    /** A scheduler of the caller's own, which outlives the system. */
    public SvaSystemBuilder scheduler(Scheduler own) {
        scheduler = own;
        seed = null;
        return this;
    }

    /**
     * One task at a time, chosen from {@code seed}. Calls into the system then go through
     * {@link Scheduler#run} of {@link SvaSystem#scheduler()}.
     */
    public SvaSystemBuilder seeded(long fromSeed) {
        seed = fromSeed;
        scheduler = null;
        return this;
    }

    /** The freedom of the hardware halves. */
    public SvaSystemBuilder behaviour(Behaviour of) {
        behaviour = of;
        return this;
    }

    /** A quiesce strategy of the driver's vendor, by name; its first one if not given. */
    public SvaSystemBuilder quiesceStrategy(String name) {
        quiesceStrategy = name;
        return this;
    }

    /** How long to wait for commands and invalidations before a device is fenced, nanoseconds, at least 1. */
    public SvaSystemBuilder commandTimeoutNanos(long nanos) {
        if (nanos < 1) {
            throw new SvaException(SvaError.RANGE, "a command time-out of " + nanos + " ns is not positive");
        }
        commandTimeoutNanos = nanos;
        return this;
    }

    /** Tasks that handle page-request groups, 1 to 64. */
    public SvaSystemBuilder faultWorkers(int count) {
        if (count < 1 || count > 64) {
            throw new SvaException(SvaError.RANGE, "1 to 64 fault workers, not " + count);
        }
        faultWorkers = count;
        return this;
    }

    /** Adds a listener. */
    public SvaSystemBuilder listener(SvaListener listener) {
        listeners.add(listener);
        return this;
    }

    /**
     * Takes an operation trace: every store, register access, interrupt and device-port message. Slows everything down.
     */
    public SvaSystemBuilder trace(TraceSink sink) {
        trace = sink;
        return this;
    }

    /**
     * Brings the system up.
     *
     * @throws SvaException NO_DEVICE for an unknown plug-in (the message lists those found); UNSUPPORTED if halves do
     *     not fit together or the hardware lacks something; EXISTS for two devices of one name or requester id;
     *     NO_MEMORY
     */
    public SvaSystem build() {
        ClassLoader where = loader != null ? loader : VendorLookup.contextLoader();
        IommuVendor driver = pick(driverInstance, driverId, "driver", where);
        IommuVendor hardware = pick(hardwareInstance, hardwareId, "hardware", where);
        requireFit(driver, hardware);
        var core = VendorLookup.core(where);
        Scheduler ours = scheduler;
        if (ours == null && seed != null) {
            ours = core.seeded(seed);
        }
        return core.start(new SystemConfiguration(
                driver,
                hardware,
                units,
                devices,
                memoryBytes,
                memory,
                ours,
                behaviour,
                strategyOf(driver),
                commandTimeoutNanos,
                faultWorkers,
                listeners,
                trace));
    }

    private static IommuVendor pick(
            @Nullable IommuVendor instance, @Nullable String id, String half, ClassLoader where) {
        if (instance != null) {
            return instance;
        }
        if (id == null) {
            throw new SvaException(
                    SvaError.INVALID,
                    "no " + half + " half chosen; call vendor(id), or " + half + "(id) for one half only");
        }
        return VendorLookup.in(where).require(id);
    }

    private static void requireFit(IommuVendor driver, IommuVendor hardware) {
        if (!driver.hasDriver()) {
            throw new SvaException(SvaError.UNSUPPORTED, "plug-in '" + driver.id() + "' has no driver half");
        }
        if (!hardware.hasHardware()) {
            throw new SvaException(SvaError.UNSUPPORTED, "plug-in '" + hardware.id() + "' has no hardware half");
        }
        if (!driver.architecture().equals(hardware.architecture())) {
            throw new SvaException(
                    SvaError.UNSUPPORTED,
                    String.format(
                            "driver half '%s' is for %s, hardware half '%s' is %s; choose halves of one architecture",
                            driver.id(), driver.architecture(), hardware.id(), hardware.architecture()));
        }
    }

    private String strategyOf(IommuVendor driver) {
        List<String> names =
                driver.quiesceStrategies().stream().map(QuiesceStrategy::name).toList();
        if (quiesceStrategy == null) {
            if (names.isEmpty()) {
                throw new SvaException(
                        SvaError.UNSUPPORTED, "driver half '" + driver.id() + "' declares no quiesce strategy");
            }
            return names.get(0);
        }
        if (!names.contains(quiesceStrategy)) {
            throw new SvaException(
                    SvaError.NOT_FOUND,
                    "driver half '" + driver.id() + "' has no quiesce strategy '" + quiesceStrategy + "'; it has: "
                            + String.join(", ", names));
        }
        return quiesceStrategy;
    }
}
