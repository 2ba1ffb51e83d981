package dev.sva4j.core.unit;

import dev.sva4j.api.SystemConfiguration;
import dev.sva4j.api.TraceEvent;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.DeviceLink;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.FaultSink;
import dev.sva4j.spi.FrameAllocator;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.Interrupt;
import dev.sva4j.spi.InterruptSink;
import dev.sva4j.spi.IommuCapabilities;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.Scheduler;
import dev.sva4j.spi.pagetable.PageTableFormat;
import org.jspecify.annotations.Nullable;

/**
 * One IOMMU: a hardware half and the driver half that brought it up. The only place where both are known; neither
 * learns of the other.
 */
public final class IommuUnit {
    private final String name;
    private final InterruptController interrupts;
    private final PluginScheduler tasks;
    private final IommuHardware hardware;
    private final DevicePort port;
    private final IommuDriver driver;
    private final IommuCapabilities capabilities;
    private final PageTableFormat processFormat;

    /**
     * Makes both halves and brings the hardware up. If that fails, neither is left behind.
     *
     * @param devices where the hardware half sends its messages to devices
     * @param faults where the driver half delivers faults
     */
    public IommuUnit(
            String name,
            SystemConfiguration configuration,
            PhysicalMemory memory,
            FrameAllocator frames,
            Scheduler scheduler,
            DeviceLink devices,
            FaultSink faults,
            @Nullable Trace trace) {
        this.name = name;
        this.processFormat = configuration.driver().processFormat();
        this.interrupts = new InterruptController(name, scheduler);
        this.tasks = new PluginScheduler(name, scheduler);
        DeviceLink link = trace == null ? devices : new TracedDeviceLink(devices, trace, name);
        InterruptSink sink = trace == null ? interrupts : new TracedInterrupts(interrupts, trace, name);
        PhysicalMemory hardwareView =
                trace == null ? memory : new TracedMemory(memory, trace, name, TraceEvent.Kind.HARDWARE_STORE);
        PhysicalMemory driverView =
                trace == null ? memory : new TracedMemory(memory, trace, name, TraceEvent.Kind.DRIVER_STORE);
        this.hardware = configuration
                .hardware()
                .createHardware(new Hardware(name, hardwareView, sink, link, tasks, configuration.behaviour()));
        try {
            this.port = trace == null ? new DirectDevicePort(hardware) : new TracedDevicePort(hardware, trace, name);
            Mmio registers = trace == null ? hardware.registers() : new TracedMmio(hardware.registers(), trace, name);
            this.driver = configuration
                    .driver()
                    .createDriver(new Driver(
                            name,
                            driverView,
                            frames,
                            registers,
                            tasks,
                            faults,
                            configuration.commandTimeoutNanos(),
                            configuration.quiesceStrategy(),
                            interrupts));
            this.capabilities = startDriver();
        } catch (RuntimeException | Error e) {
            interrupts.close();
            hardware.close();
            throw e;
        }
    }

    private IommuCapabilities startDriver() {
        try {
            return driver.start();
        } catch (RuntimeException | Error e) {
            driver.close();
            throw e;
        }
    }

    /** Name in traces and messages. */
    public String name() {
        return name;
    }

    /** The driver half. */
    public IommuDriver driver() {
        return driver;
    }

    /** The way of devices to the hardware half. */
    public DevicePort port() {
        return port;
    }

    /** What the driver half found. */
    public IommuCapabilities capabilities() {
        return capabilities;
    }

    /**
     * Checks whether it can walk the page tables of processes.
     *
     * @throws dev.sva4j.api.SvaException UNSUPPORTED naming the first failed condition
     */
    public void checkProcessFormat() {
        driver.checkProcessFormat(processFormat);
    }

    /** Ends the driver half, then interrupts, then the hardware half; each whatever the others throw. */
    public void close() {
        try {
            driver.close();
        } finally {
            try {
                interrupts.close();
            } finally {
                hardware.close();
            }
        }
        tasks.awaitTasks();
    }

    private record Hardware(
            String name,
            PhysicalMemory memory,
            InterruptSink interrupts,
            DeviceLink devices,
            Scheduler scheduler,
            Behaviour behaviour)
            implements HardwareHost {}

    private record Driver(
            String name,
            PhysicalMemory memory,
            FrameAllocator frames,
            Mmio registers,
            Scheduler scheduler,
            FaultSink faults,
            long commandTimeoutNanos,
            String quiesceStrategy,
            InterruptController interrupts)
            implements DriverHost {
        @Override
        public Interrupt allocateInterrupt(String vector, int line, Runnable handler) {
            return interrupts.allocate(vector, line, handler);
        }
    }

    private record TracedInterrupts(InterruptSink to, Trace trace, String unit) implements InterruptSink {
        @Override
        public void message(long address, int data) {
            trace.event(
                    unit, TraceEvent.Kind.INTERRUPT, address, Integer.toUnsignedLong(data), Integer.BYTES, "message");
            to.message(address, data);
        }

        @Override
        public void wired(int line) {
            trace.event(unit, TraceEvent.Kind.INTERRUPT, 0, line, 0, "line");
            to.wired(line);
        }
    }

    private record TracedDeviceLink(DeviceLink to, Trace trace, String unit) implements DeviceLink {
        @Override
        public void invalidateAtc(int requester, int pasid, long address, int log2Bytes, boolean global, int tag) {
            trace.event(
                    unit,
                    TraceEvent.Kind.ATC_INVALIDATE,
                    address,
                    tag,
                    log2Bytes,
                    String.format("requester 0x%x pasid %d%s", requester, pasid, global ? " global" : ""));
            to.invalidateAtc(requester, pasid, address, log2Bytes, global, tag);
        }

        @Override
        public void pageGroupResponse(int requester, int pasid, int group, ResponseCode code) {
            trace.event(
                    unit,
                    TraceEvent.Kind.PAGE_RESPONSE,
                    0,
                    group,
                    0,
                    String.format("requester 0x%x pasid %d %s", requester, pasid, code));
            to.pageGroupResponse(requester, pasid, group, code);
        }
    }
}
