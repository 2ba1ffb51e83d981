package dev.sva4j.steptest.threads;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.DeviceFeature;
import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.DmaPort;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.api.SvaSystem;
import dev.sva4j.api.SystemCounters;
import dev.sva4j.spi.Behaviour;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** A system on real threads, with a device of each kind, and threads that use it. The first thing that goes wrong stops all. */
final class Crowd implements AutoCloseable {
    static final int PAGE = AddressSpace.PAGE_SIZE;
    static final long AT = 0x4000_0000L;

    /** Tells runs apart, and makes them longer: for soak runs. */
    static final int ROUNDS = Integer.getInteger("sva4j.steptest.rounds", 1);

    /** Real time, and much longer than anything takes: only a hang gets there. */
    private static final long HANG_NANOS = 120_000_000_000L;

    private static final long MEMORY = 16L << 20;
    private static final String VENDOR = System.getProperty("sva4j.steptest.vendor", "arm-smmu-v3");

    private static final List<DeviceSpec> SPECS = List.of(
            DeviceSpec.pci("pri", 0x100),
            DeviceSpec.platform("stall", 0x108),
            DeviceSpec.pci("plain", 0x110).withAts(false),
            DeviceSpec.pci("ats", 0x118).withPageRequestCredit(0));

    final SvaSystem system;
    final Behaviour behaviour;
    final Map<String, SvaDevice> devices = new TreeMap<>();

    private final long free;
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final long deadline = System.nanoTime() + HANG_NANOS * ROUNDS;
    private volatile boolean stopped;

    Crowd(Behaviour behaviour, String... initialised) {
        this.behaviour = behaviour;
        var builder = SvaSystem.builder().vendor(VENDOR).behaviour(behaviour).memory(MEMORY);
        SPECS.forEach(builder::device);
        this.system = builder.build();
        this.free = system.counters().freeBytes();
        for (DeviceSpec spec : SPECS) {
            if (initialised.length == 0 || Arrays.asList(initialised).contains(spec.name())) {
                devices.put(spec.name(), initialise(spec));
            }
        }
    }

    private SvaDevice initialise(DeviceSpec spec) {
        DeviceOptions options = spec.hasRecoverableFaults()
                ? DeviceOptions.DEFAULT.withFeatures(DeviceFeature.PAGE_FAULTS)
                : DeviceOptions.DEFAULT.withFeatures();
        return system.initDevice(spec.name(), options);
    }

    /** What hardware may be like. */
    static List<Behaviour> behaviours() {
        Random random = new Random(7);
        Behaviour some = new Behaviour(
                7,
                1 << random.nextInt(5),
                1 << random.nextInt(5),
                true,
                random.nextBoolean(),
                true,
                random.nextBoolean());
        return List.of(Behaviour.TYPICAL, Behaviour.FORGETFUL, Behaviour.TENACIOUS.withSeed(1), some);
    }

    DmaPort port(String device) {
        return system.endpoint(device).openPort();
    }

    AddressSpace process(String name) {
        return system.createAddressSpace(name);
    }

    /** Adds a thread. It ends by itself, or when {@link #goesOn} says so. */
    void thread(String name, Runnable body) {
        Thread thread = new Thread(
                () -> {
                    try {
                        body.run();
                    } catch (Stopped e) {
                        // Somebody else has something to say.
                    } catch (RuntimeException | Error e) {
                        failures.add(e);
                        stopped = true;
                    }
                },
                name);
        thread.setDaemon(true);
        threads.add(thread);
    }

    /** Ends a thread that waits for something which will not come any more. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("stopped", null, false, false);
        }
    }

    boolean goesOn() {
        return !stopped;
    }

    /** The others have done enough. */
    void stop() {
        stopped = true;
    }

    /** Waits for other threads to get somewhere. */
    void await(String what, BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (stopped) {
                throw new Stopped();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("never happened: " + what);
            }
            Thread.yield();
        }
    }

    /** Runs all threads to their ends. */
    void run() {
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            join(thread);
        }
        if (!failures.isEmpty()) {
            throw new AssertionError(behaviour + ": " + failures.peek(), failures.peek());
        }
    }

    private void join(Thread thread) {
        try {
            thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        if (thread.isAlive()) {
            stopped = true;
            throw new AssertionError(behaviour + ": hangs, " + thread.getName() + " at\n    "
                    + Arrays.stream(thread.getStackTrace())
                            .map(StackTraceElement::toString)
                            .collect(Collectors.joining("\n    ")));
        }
    }

    /** Closes everything and looks whether all came back. Processes and bonds have been closed. */
    @Override
    public void close() {
        devices.values().forEach(SvaDevice::close);
        SystemCounters counters = system.counters();
        long kept = free - counters.freeBytes();
        int pasids = system.pasids().allocated();
        system.close();
        if (failures.isEmpty()) {
            require(pasids == 0, pasids + " PASIDs are missing");
            // Tables of the driver's own stay with a device; that the rest came back is looked at by the close of the
            // system too.
            require(kept >= 0 && kept <= SPECS.size() * 32L * PAGE, kept + " bytes are missing");
            long answers = counters.responsesSuccess() + counters.responsesInvalid() + counters.responsesFailure();
            require(counters.pageGroups() == answers, counters.toString());
            require(counters.responsesFailure() == 0, counters.toString());
            require(counters.dmaAttempted() == counters.dmaCompleted() + counters.dmaAborted(), counters.toString());
        }
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new AssertionError(behaviour + ": at the end " + message);
        }
    }
}
