package dev.sva4j.conformance;

import dev.sva4j.api.Access;
import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.DeviceFeature;
import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.DmaPort;
import dev.sva4j.api.DmaStatus;
import dev.sva4j.api.IoDomain;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.api.SvaSystem;
import dev.sva4j.conformance.forward.ForwardingVendor;
import dev.sva4j.core.memory.HeapMemory;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.Scheduler;
import dev.sva4j.vendor.amd.AmdVendor;
import dev.sva4j.vendor.amd.layout.EventLogRegisters;
import dev.sva4j.vendor.amd.layout.Ring;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A process dies, and its device goes on as if nothing had happened, while it works for others. It has no ATS, so each of its
 * requests meets the IOMMU; AMD-Vi logs each that fails, the dead process's too.
 */
final class AmdStorm implements AutoCloseable {
    private static final int PAGE = 4096;
    private static final long AT = 0x7f00_0000_0000L;
    private static final int ROUNDS = 100;
    private static final int LIVE_OF_A_ROUND = 60;

    /**
     * How many records a paced storm leaves undelivered. Room comes at the end of a pass of the driver's: until then what it
     * took and what came meanwhile share the log, so this is less than half of its 511.
     */
    private static final int OUTSTANDING = 240;

    /** What came of a storm. */
    record Outcome(
            String name,
            long aborted,
            long recorded,
            long delivered,
            long reported,
            long dropped,
            long losses,
            long reportedOfSilent,
            int live,
            int heardOf,
            List<FaultLedger.Live> missed) {
        @Override
        public String toString() {
            return name;
        }
    }

    private final FaultLedger ledger = new FaultLedger();
    private final LogWrites memory = new LogWrites(new HeapMemory(0x8000_0000L, 32 << 20));
    private final SvaSystem system;
    private final SvaDevice device;
    private final AddressSpace dying;
    private final AddressSpace healthy;
    private final SvaBond dead;
    private final SvaBond user;
    private final IoDomain driversOwn;
    private final DmaPort storming;
    private final DmaPort living;
    private final boolean paced;

    /** Records that have been asked for: of a paced storm, before the request. Both tasks. */
    private final AtomicLong asked = new AtomicLong();

    /** The next address of a live fault: none is used twice. The living task. */
    private long next = AT + PAGE;

    private int live;
    private final List<FaultLedger.Live> missed = new ArrayList<>();

    private AmdStorm(String strategy, boolean paced) {
        this.paced = paced;
        Captured hardware = new Captured();
        system = SvaSystem.builder()
                .driver(new AmdVendor())
                .hardware(hardware)
                .quiesceStrategy(strategy)
                .memory(memory)
                .listener(ledger)
                .device(DeviceSpec.pci("dev0", 0x100).withAts(false))
                .build();
        long log = hardware.require().registers().read64(EventLogRegisters.EVTLOG_BASE.offset());
        memory.watch(Ring.entryAddress(log, 0), Ring.bytes(log));
        device = system.initDevice("dev0", DeviceOptions.DEFAULT.withFeatures(DeviceFeature.PRIVATE_PASID));
        dying = process("dying");
        healthy = process("healthy");
        dead = device.bind(dying, null);
        user = device.bind(healthy, null);
        driversOwn = device.openPrivateDomain("driver's own");
        storming = system.endpoint("dev0").openPort();
        living = system.endpoint("dev0").openPort();
        ledger.silence(dead.pasid());
    }

    private AddressSpace process(String name) {
        AddressSpace process = system.createAddressSpace(name);
        process.map(AT, PAGE, Protection.READ_WRITE);
        process.populate(AT, PAGE, Access.WRITE);
        return process;
    }

    /**
     * A storm of so many requests that fail.
     *
     * @param paced never asks for more than there is room for
     */
    static Outcome rage(String strategy, boolean paced, int faults) {
        try (AmdStorm storm = new AmdStorm(strategy, paced)) {
            return storm.rage(strategy, faults);
        }
    }

    private Outcome rage(String strategy, int faults) {
        long aborted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            aborted += round(faults / ROUNDS);
        }
        var counters = system.counters();
        return new Outcome(
                strategy + (paced ? ", paced" : ", unpaced"),
                aborted,
                memory.entries(),
                counters.faultsFromHardware(),
                counters.faultsReported(),
                counters.faultsDropped(),
                ledger.losses(),
                ledger.reportedOfSilent(),
                live,
                ledger.heardOf(),
                missed);
    }

    /** Part of the storm, with live faults at the same time; then everything is drained. */
    private long round(int faults) {
        AtomicLong aborted = new AtomicLong();
        Scheduler.Task storm = system.scheduler().spawn("storm", () -> {
            while (aborted.get() < faults) {
                aborted.addAndGet(requestOfTheDying());
            }
        });
        Scheduler.Task others = system.scheduler().spawn("live", () -> {
            for (int i = 0; i < LIVE_OF_A_ROUND; i++) {
                live(i);
            }
        });
        // The first time, in the middle of it.
        dying.exit();
        storm.join(Scheduler.NEVER);
        others.join(Scheduler.NEVER);
        drain();
        missed.addAll(ledger.takeMissed());
        return aborted.get();
    }

    /** Returns how many faults it was: none until the process has died. */
    private int requestOfTheDying() {
        ask();
        DmaStatus status = storming.read(dead.pasid(), AT, new byte[Long.BYTES], 0, Long.BYTES);
        if (status == DmaStatus.OK) {
            asked.decrementAndGet();
            return 0;
        }
        require(status, DmaStatus.ABORTED);
        return 1;
    }

    /** In turn: what the driver has not mapped, what no entry is for, and a user's own error. */
    private void live(int turn) {
        int pasid = switch (turn % 3) {
            case 0 -> driversOwn.pasid();
            case 1 -> device.pasids().max();
            default -> user.pasid();
        };
        long address = next;
        next += PAGE;
        live++;
        ask();
        ledger.begin(pasid, address);
        require(living.write(pasid, address, new byte[Long.BYTES], 0, Long.BYTES), DmaStatus.ABORTED);
        // The device works for others, too.
        require(living.read(user.pasid(), AT, new byte[Long.BYTES], 0, Long.BYTES), DmaStatus.OK);
    }

    /** Before a request that fails: in a paced storm, waits until there is room for its record. */
    private void ask() {
        if (!paced) {
            return;
        }
        long mine = asked.incrementAndGet();
        system.scheduler().await(() -> mine - ledger.delivered() <= OUTSTANDING, Scheduler.NEVER);
    }

    /** What unbind does not return without. */
    private void drain() {
        AddressSpace shortLived = system.createAddressSpace("short-lived");
        device.bind(shortLived, null).unbind();
        shortLived.close();
    }

    private static void require(DmaStatus status, DmaStatus wanted) {
        if (status != wanted) {
            throw new AssertionError("a request that should end with " + wanted + " ended with " + status);
        }
    }

    @Override
    public void close() {
        dead.unbind();
        user.unbind();
        driversOwn.close();
        dying.close();
        healthy.close();
        system.close();
    }

    /** AMD-Vi whose hardware half can be asked where its event log is. */
    private static final class Captured extends ForwardingVendor {
        private @Nullable IommuHardware hardware;

        Captured() {
            super(new AmdVendor());
        }

        @Override
        public IommuHardware createHardware(HardwareHost host) {
            IommuHardware made = super.createHardware(host);
            hardware = made;
            return made;
        }

        IommuHardware require() {
            IommuHardware made = hardware;
            if (made == null) {
                throw new AssertionError("core has made no hardware half");
            }
            return made;
        }
    }
}
