package dev.sva4j.conformance;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.DeviceFeature;
import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.DmaPort;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.api.SvaSystem;
import dev.sva4j.api.SvaSystemBuilder;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.FrameAllocator;
import dev.sva4j.spi.Scheduler;
import dev.sva4j.spi.TranslationContext;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A system for one run of a rule, with words for what rules do all the time. The rule uses it from one thread. */
final class Machine implements AutoCloseable {
    /** How long a rule waits for what has to happen, nanoseconds of the scheduler's clock. */
    static final long PATIENCE = 10_000_000_000L;

    /** Size of its memory. */
    static final long MEMORY = 8L << 20;

    /** Where rules map memory in processes. */
    static final long BASE = 0x4000_0000L;

    /** Where they map memory that is not to be resident. */
    static final long LAZY = BASE + 0x10_0000;

    static final long PAGE_SIZE = AddressSpace.PAGE_SIZE;

    private final Bench bench;
    private final Tap tap;
    private final EventLog log;
    private final SvaSystem system;
    private final List<AddressSpace> processes = new ArrayList<>();
    private final List<Accelerator> accelerators = new ArrayList<>();
    private final List<Gate> gates = new ArrayList<>();
    private @Nullable Accelerator first;
    private @Nullable Beacon beacon;

    Machine(Bench bench, UnaryOperator<SvaSystemBuilder> choices) {
        this.bench = bench;
        this.tap = new Tap(bench.subject(), bench.spec().requester());
        this.log = new EventLog(bench.spec().requester());
        this.system = choices.apply(SvaSystem.builder()
                        .driver(tap.driverVendor())
                        .hardware(tap.hardwareVendor())
                        .behaviour(bench.behaviour())
                        .memory(MEMORY)
                        .device(bench.spec())
                        .listener(log))
                .build();
    }

    SvaSystem system() {
        return system;
    }

    Tap tap() {
        return tap;
    }

    EventLog log() {
        return log;
    }

    // Devices

    /** The device under test, initialised with whatever faults it can recover from. */
    Accelerator accelerator() {
        Accelerator known = first;
        return known != null ? known : accelerator(UnaryOperator.identity());
    }

    /** The device under test, initialised now, with options of the rule's own. */
    Accelerator accelerator(UnaryOperator<DeviceOptions> choices) {
        Accelerator made = accelerator(bench.spec(), choices);
        first = made;
        return made;
    }

    /** The device under test, initialised now with one more feature; skips the rule where that is not to be had. */
    Accelerator acceleratorWith(DeviceFeature feature) {
        Set<DeviceFeature> features = EnumSet.of(feature);
        features.addAll(options(bench.spec()).features());
        try {
            return accelerator(options -> options.withFeatures(features.toArray(DeviceFeature[]::new)));
        } catch (SvaException e) {
            assumeTrue(e.error() != SvaError.UNSUPPORTED, () -> "no " + feature + ": " + e.getMessage());
            throw e;
        }
    }

    /** A second device of the same kind, added while the system runs. */
    Accelerator another() {
        return another(UnaryOperator.identity());
    }

    Accelerator another(UnaryOperator<DeviceOptions> choices) {
        DeviceSpec spec = bench.spec();
        DeviceSpec twin = new DeviceSpec(
                spec.name() + "-twin",
                spec.unit(),
                spec.requester() + 8,
                spec.pasidBits(),
                spec.ats(),
                spec.pageRequestCredit(),
                spec.stall());
        system.addDevice(twin);
        return accelerator(twin, choices);
    }

    private Accelerator accelerator(DeviceSpec spec, UnaryOperator<DeviceOptions> choices) {
        SvaDevice device = system.initDevice(spec.name(), choices.apply(options(spec)));
        Accelerator made = new Accelerator(device, system.endpoint(spec.name()));
        accelerators.add(made);
        return made;
    }

    private static DeviceOptions options(DeviceSpec spec) {
        Set<DeviceFeature> features = EnumSet.noneOf(DeviceFeature.class);
        if (spec.hasRecoverableFaults()) {
            features.add(DeviceFeature.PAGE_FAULTS);
        }
        if (spec.pasidBits() == 0) {
            features.add(DeviceFeature.NO_PASID);
        }
        return DeviceOptions.DEFAULT.withFeatures(features.toArray(DeviceFeature[]::new));
    }

    Channel dma() {
        return accelerator().dma();
    }

    // Processes

    AddressSpace process(String name) {
        return adopt(system.createAddressSpace(name));
    }

    /** Tidies up {@code mm} at the end of the rule too. */
    AddressSpace adopt(AddressSpace mm) {
        processes.add(mm);
        return mm;
    }

    /** A process bound to the device under test. */
    BoundProcess bound(String name) {
        return bound(name, accelerator());
    }

    BoundProcess bound(String name, Accelerator device) {
        AddressSpace mm = process(name);
        give(mm, BASE, 1);
        poke(mm, BASE, BoundProcess.WORD);
        BoundProcess bound = new BoundProcess(mm, device.bind(mm));
        device.dma().mustLoad(bound.pasid(), BoundProcess.PAGE, BoundProcess.WORD);
        device.dma().mustStore(bound.pasid(), BoundProcess.PAGE, BoundProcess.WORD);
        return bound;
    }

    /** Maps pages that may be read and written, and fills them in, so that no device needs a fault there. */
    static void give(AddressSpace mm, long at, int pages) {
        mm.map(at, pages * PAGE_SIZE, Protection.READ_WRITE);
        for (int page = 0; page < pages; page++) {
            poke(mm, at + page * PAGE_SIZE, 0);
        }
    }

    /** The process itself writes a word. */
    static void poke(AddressSpace mm, long at, long value) {
        byte[] word = new byte[Long.BYTES];
        Words.put(word, value);
        mm.write(at, word, 0, word.length);
    }

    /** The process itself reads a word. */
    static long peek(AddressSpace mm, long at) {
        byte[] word = new byte[Long.BYTES];
        mm.read(at, word, 0, word.length);
        return Words.get(word);
    }

    /** A frame of the rule's own that begins with {@code value}. */
    long frame(long value) {
        long frame = tap.host().frames().allocate(FrameAllocator.FRAME_SHIFT);
        assertTrue(frame != FrameAllocator.NO_FRAME, "there is a free frame");
        tap.host().memory().storeRelease(frame, value);
        return frame;
    }

    void freeFrame(long frame) {
        tap.host().frames().free(frame, FrameAllocator.FRAME_SHIFT);
    }

    /** For changes of the page tables behind {@code context} that nobody is told of. */
    PageTableEditor editorOf(TranslationContext context) {
        return new PageTableEditor(tap.host().memory(), bench.subject().driver().processFormat(), context.root());
    }

    /** A process that leaves no memory to anyone. */
    Hog hog() {
        return Hog.eat(process("hog"), system.counters().totalBytes());
    }

    // Time

    /** Starts something that goes on beside the rule. */
    Job start(String name, Runnable body) {
        return new Job(system.scheduler(), name, body);
    }

    /** Does something that must not hang, and would hang the rule if it did. */
    void finish(String name, Runnable body) {
        start(name, body).join();
    }

    /** Something that has to become true before long. */
    void await(String what, BooleanSupplier condition) {
        assertTrue(system.scheduler().await(condition, deadline()), () -> "never happened: " + what);
    }

    Gate gate() {
        Gate gate = new Gate(system.scheduler());
        gates.add(gate);
        return gate;
    }

    private long deadline() {
        return system.scheduler().nanoTime() + bench.patience();
    }

    /**
     * Waits until everything that hardware has recorded so far has been reported or dropped. It takes a fault of its own for that: records
     * come out in the order in which they went in.
     */
    void awaitReports() {
        if (bench.hasPasids()) {
            mustBeReported(accelerator().strayPasid());
            return;
        }
        Beacon known = beacon;
        if (known == null) {
            known = Beacon.beside(bench.spec(), this);
            beacon = known;
        }
        known.awaitReport();
    }

    /**
     * An access with a PASID that is bound to nothing must be refused and reported. It is one that goes out untranslated: translation
     * requests (ATS) are answered with an error instead, which some architectures do not record.
     */
    void mustBeReported(int pasid) {
        long before = log.reportsOf(pasid);
        mustBeRefused(pasid, BASE);
        await(
                "an access with PASID " + pasid + ", which is bound to nothing, is reported",
                () -> log.reportsOf(pasid) > before);
    }

    /** What is no longer bound must be refused, and reported if it carries a PASID: untagged traffic that is blocked need not be recorded. */
    void mustBeUnbound(int pasid) {
        if (pasid == DmaPort.NO_PASID) {
            mustBeRefused(pasid, BASE);
        } else {
            mustBeReported(pasid);
        }
    }

    /** An untranslated access must be refused; whether it is reported is not asked. */
    void mustBeRefused(int pasid, long address) {
        CompletionStatus status = new Probe(this).read(pasid, address);
        assertNotEquals(CompletionStatus.SUCCESS, status, () -> "an untranslated read of PASID " + pasid);
    }

    /** Ends what the rule has left behind; a rule need not tidy up what it does not speak of. */
    @Override
    public void close() {
        // A scheduler that came from a seed is nobody else's; what escaped from tasks comes to light when it is closed.
        Scheduler scheduler = system.scheduler();
        try (scheduler;
                system) {
            scheduler.run("tidy up", () -> {
                gates.forEach(Gate::open);
                if (beacon != null) {
                    beacon.close();
                }
                accelerators.forEach(Accelerator::unbindAll);
                processes.forEach(AddressSpace::close);
            });
        }
    }
}
