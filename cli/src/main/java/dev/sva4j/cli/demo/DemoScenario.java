package dev.sva4j.cli.demo;

import dev.sva4j.api.Access;
import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.DmaPort;
import dev.sva4j.api.DmaStatus;
import dev.sva4j.api.ExitPolicy;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.api.SvaSystem;
import dev.sva4j.api.SystemCounters;
import dev.sva4j.spi.Scheduler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The story: a process binds devices and they write into it; memory is unmapped under them; then the process is killed
 * while they keep writing, and its driver takes its time to notice.
 *
 * <p>Every wait is for something to happen, on the system's scheduler, so that the same code runs on threads and from a
 * seed.
 */
final class DemoScenario {
    private static final int PAGES = 64;
    private static final long REGION_BYTES = (long) PAGES * AddressSpace.PAGE_SIZE;
    /** Operations of each device that are waited for, so that "nothing got through" says something. */
    private static final int ENOUGH = 3 * PAGES;

    private static final long PATIENCE_NANOS = 60_000_000_000L;
    /** How long a PASID may take from the return of the callback to the allocator, if that is what releases it. */
    private static final long RELEASE_NANOS = 50_000_000L;

    private final SvaSystem system;
    private final Scheduler scheduler;
    private final ExitObserver observer;
    private final DemoSubject subject;
    private final ExitPolicy policy;
    private final @Nullable Long seed;
    private final boolean withPinned;

    private final Timeline timeline;
    private final Scheduler.WaitQueue changed;
    private final ExitGate gate;
    private final List<DmaLoop> loops = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private final Set<Long> reached = new HashSet<>();
    private int channels;
    private long residentBefore;
    private long freeBefore;
    private long killedAt;
    private volatile boolean appDead;
    private volatile boolean exitReturned;
    private volatile long exitNanos;

    DemoScenario(
            SvaSystem system,
            ExitObserver observer,
            DemoSubject subject,
            ExitPolicy policy,
            @Nullable Long seed,
            boolean withPinned) {
        this.system = system;
        this.scheduler = system.scheduler();
        this.observer = observer;
        this.subject = subject;
        this.policy = policy;
        this.seed = seed;
        this.withPinned = withPinned;
        this.timeline = new Timeline(scheduler::nanoTime);
        this.changed = scheduler.newWaitQueue("demo");
        this.gate = new ExitGate(changed, this::stopLoops);
    }

    /** Plays it from beginning to end. */
    DemoReport play() {
        try {
            return playAll();
        } finally {
            // Also when something went wrong: a device that goes on would keep the system from closing.
            gate.open();
            loops.forEach(DmaLoop::stop);
        }
    }

    private DemoReport playAll() {
        DeviceOptions options = DeviceOptions.DEFAULT.withMmExit(gate).withExitPolicy(policy);
        SvaDevice accel = system.initDevice(DemoMachine.FAULTING, options);
        AddressSpace app = system.createAddressSpace("app");
        List<SvaBond> bonds = new ArrayList<>();
        bonds.add(accel.bind(app, null));
        int pasid = bonds.get(0).pasid();
        timeline.add("process 'app' is bound to %s: PASID %d".formatted(DemoMachine.FAULTING, pasid));
        if (withPinned) {
            SvaDevice nic = system.initDevice(DemoMachine.PINNED, options.withFeatures());
            bonds.add(nic.bind(app, null));
            timeline.add("and to %s, which cannot fault: PASID %d, the same"
                    .formatted(DemoMachine.PINNED, bonds.get(1).pasid()));
        }
        shareMemory(app, pasid);
        unmapUnderDma(app, pasid);

        startKeepers(app, pasid);
        kill(app, bonds);
        PasidTrial trial = new PasidTrial(system, pasid, timeline, broken);
        afterExit(accel, pasid, trial);
        release(app, bonds, pasid, trial);
        trial.end();
        return report(trial);
    }

    // 1: one address space.

    private void shareMemory(AddressSpace app, int pasid) {
        long region = app.map(REGION_BYTES, Protection.READ_WRITE);
        DmaPort port = system.endpoint(DemoMachine.FAULTING).openPort();
        byte[] text = "written by the CPU".getBytes(StandardCharsets.US_ASCII);
        app.write(region, text, 0, text.length);
        byte[] seen = new byte[text.length];
        expectOk(port.read(pasid, region, seen, 0, seen.length), "read of what the CPU wrote");
        require(Arrays.equals(text, seen), "the device does not see what the CPU wrote");

        long requests = system.counters().pageRequests();
        byte[] answer = "written by the device".getBytes(StandardCharsets.US_ASCII);
        for (int page = 1; page < PAGES; page++) {
            expectOk(
                    port.write(pasid, region + (long) page * AddressSpace.PAGE_SIZE, answer, 0, answer.length),
                    "write to a page that was not there");
        }
        byte[] back = new byte[answer.length];
        app.read(region + REGION_BYTES - AddressSpace.PAGE_SIZE, back, 0, back.length);
        require(Arrays.equals(answer, back), "the CPU does not see what the device wrote");
        timeline.add("CPU and device see each other's writes; %d page requests filled %d pages in on demand"
                .formatted(system.counters().pageRequests() - requests, PAGES - 1));
    }

    // 2: munmap while devices write.

    private void unmapUnderDma(AddressSpace app, int pasid) {
        long region = app.map(REGION_BYTES, Protection.READ_WRITE);
        List<DmaLoop> writers = List.of(
                start(DemoMachine.FAULTING, pasid, region, () -> false),
                start(DemoMachine.FAULTING, pasid, region, () -> false));
        awaitAttempts(writers, ENOUGH);
        long free = system.counters().freeBytes();
        app.unmap(region, REGION_BYTES);
        long freed = system.counters().freeBytes() - free;
        timeline.add("munmap of %d pages under two writing channels: %d frames came back"
                .formatted(PAGES, freed / AddressSpace.PAGE_SIZE));
        require(freed >= REGION_BYTES, "munmap has returned and frames have not come back");

        try (AddressSpace heir = system.createAddressSpace("heir of the frames")) {
            FrameWitness witness = FrameWitness.takeAllFrames(heir, DemoMachine.MEMORY_BYTES);
            long since = attempts(writers);
            awaitAttempts(writers, ENOUGH + (int) since);
            long tried = attempts(writers) - since;
            Set<Long> stray = witness.foreignWords();
            timeline.add("another process took all %d free frames; %d more device writes, %d stray words in them"
                    .formatted(witness.frames(), tried, stray.size()));
            require(stray.isEmpty(), stray.size() + " device writes reached frames after munmap had returned");
        }
        writers.forEach(DmaLoop::stop);
        await(() -> writers.stream().allMatch(DmaLoop::isStopped), "device channels to stop");
        loops.removeAll(writers);
    }

    // 3: the process dies, its devices do not.

    private void startKeepers(AddressSpace app, int pasid) {
        long region = app.map(REGION_BYTES, Protection.READ_WRITE);
        app.populate(region, REGION_BYTES, Access.WRITE);
        start(DemoMachine.FAULTING, pasid, region, () -> appDead);
        start(DemoMachine.FAULTING, pasid, region, () -> appDead);
        if (withPinned) {
            start(DemoMachine.PINNED, pasid, region, () -> appDead);
        }
        awaitAttempts(loops, ENOUGH);
        timeline.add("%d device channels write to %d pages of 'app', and go on".formatted(loops.size(), PAGES));
    }

    private void kill(AddressSpace app, List<SvaBond> bonds) {
        observer.watch(app, scheduler, changed);
        residentBefore = app.residentBytes();
        freeBefore = system.counters().freeBytes();
        timeline.add(
                "'app' is killed; %d frames are resident in it".formatted(residentBefore / AddressSpace.PAGE_SIZE));
        long start = scheduler.nanoTime();
        killedAt = start;
        scheduler.spawn("kill", () -> {
            app.exit();
            exitNanos = scheduler.nanoTime() - start;
            exitReturned = true;
            changed.wakeAll();
        });
        if (policy == ExitPolicy.RELEASE_ON_RETURN_INLINE) {
            await(() -> gate.started() > 0, "mm_exit on the exiting thread");
        } else {
            await(() -> exitReturned, "exit to return");
            finishExit(app);
        }
        appDead = true;
        timeline.add("mm_exit has started %d and returned %d times; exit %s; the bonds are %s"
                .formatted(
                        gate.started(),
                        gate.returning(),
                        exitReturned ? "has returned" : "waits for it",
                        bonds.stream().map(SvaBond::state).distinct().toList()));
    }

    /** After exit: memory is back, and from here on only bonds keep the PASID. */
    private void finishExit(AddressSpace app) {
        require(app.awaitReclaimed(PATIENCE_NANOS), "memory is not reclaimed although exit has returned");
        long freed = system.counters().freeBytes() - freeBefore;
        timeline.add("exit has returned, memory is reclaimed: %d frames came back"
                .formatted(freed / AddressSpace.PAGE_SIZE));
        require(freed >= residentBefore, "exit has returned and frames have not come back");
        app.close();
    }

    private void afterExit(SvaDevice accel, int pasid, PasidTrial trial) {
        trial.attempt("exit");
        AddressSpace heir = system.createAddressSpace("heir");
        SvaBond other = accel.bind(heir, null);
        timeline.add("another process binds %s: PASID %d, while %d is held"
                .formatted(DemoMachine.FAULTING, other.pasid(), pasid));
        require(other.pasid() != pasid, "PASID " + pasid + " was given away while its bond was still there");
        FrameWitness witness = FrameWitness.takeAllFrames(heir, DemoMachine.MEMORY_BYTES);
        await(() -> loops.stream().allMatch(loop -> loop.after().attempted() >= ENOUGH), "devices to go on after exit");
        Set<Long> stray = witness.foreignWords();
        stray.stream().filter(Stamps::isStamp).forEach(reached::add);
        timeline.add("it takes all %d free frames while the devices go on; stray words in them: %d"
                .formatted(witness.frames(), stray.size()));
        require(stray.isEmpty(), stray.size() + " device writes reached frames of another process after exit");
        other.unbind();
        heir.close();
    }

    // 4: mm_exit returns, and the driver unbinds.

    private void release(AddressSpace app, List<SvaBond> bonds, int pasid, PasidTrial trial) {
        int callbacks = bonds.size();
        gate.open();
        await(() -> observer.callbacksReturned() >= callbacks, "mm_exit to return");
        await(() -> loops.stream().allMatch(DmaLoop::isStopped), "device channels to stop");
        timeline.add("mm_exit has returned for %d bonds; the devices have stopped".formatted(callbacks));
        if (policy == ExitPolicy.RELEASE_ON_RETURN_INLINE) {
            await(() -> exitReturned, "exit to return");
            finishExit(app);
        }
        // Under a policy that releases on return this happens on the callback's task, right after the return.
        changed.await(() -> observer.isFreed(pasid), scheduler.nanoTime() + RELEASE_NANOS);
        trial.attempt("mm_exit return");
        for (SvaBond bond : bonds) {
            try {
                bond.unbind();
            } catch (SvaException e) {
                if (e.error() != SvaError.STALE) {
                    throw e;
                }
            }
        }
        trial.attempt("unbind");
    }

    private DemoReport report(PasidTrial trial) {
        for (DmaLoop loop : loops) {
            reached.addAll(loop.after().readBack());
        }
        SystemCounters counters = system.counters();
        long answered = counters.responsesSuccess() + counters.responsesInvalid() + counters.responsesFailure();
        long seen = DemoMachine.DEVICES.stream()
                .filter(name -> withPinned || !name.equals(DemoMachine.PINNED))
                .mapToLong(name -> system.endpoint(name).counters().pageResponses())
                .sum();
        boolean inline = policy == ExitPolicy.RELEASE_ON_RETURN_INLINE;
        require(inline || reached.isEmpty(), reached.size() + " device writes reached memory after exit");
        require(counters.faultsReported() == 0, counters.faultsReported() + " faults were reported");
        DemoResult result = new DemoResult(
                subject.name(),
                PolicyConverter.nameOf(policy),
                subject.quiesce(),
                seed,
                new DemoResult.DmaAfterExit(
                        loops.stream()
                                .mapToLong(loop -> loop.after().attempted())
                                .sum(),
                        reached.size(),
                        loops.stream().mapToLong(loop -> loop.after().aborted()).sum()),
                new DemoResult.Faults(
                        counters.faultsFromHardware(),
                        counters.faultsDropped(),
                        counters.faultsReported(),
                        observer.overflows()),
                new DemoResult.PageRequests(
                        counters.pageRequests(), counters.pageGroups(), answered, Math.max(0, seen - answered)),
                exitNanos,
                observer.reclaimedAt() - killedAt,
                observer.callbackNanos(),
                trial.firstSuccess());
        return new DemoReport(result, timeline.entries(), broken);
    }

    // Devices and waiting.

    private DmaLoop start(String device, int pasid, long region, BooleanSupplier isOwnerDead) {
        DmaLoop loop =
                new DmaLoop(scheduler, changed, isOwnerDead, system.endpoint(device), channels++, pasid, region, PAGES);
        loops.add(loop);
        scheduler.spawn("channel" + channels + " of " + device, loop::run);
        return loop;
    }

    private static long attempts(List<DmaLoop> of) {
        return of.stream().mapToLong(loop -> loop.before().attempted()).min().orElse(0);
    }

    private void awaitAttempts(List<DmaLoop> of, int each) {
        await(() -> attempts(of) >= each, "device channels to write");
    }

    private void stopLoops() {
        loops.forEach(DmaLoop::stop);
        await(() -> loops.stream().allMatch(DmaLoop::isStopped), "device channels to stop");
    }

    private void await(BooleanSupplier condition, String what) {
        if (!changed.await(condition, scheduler.nanoTime() + PATIENCE_NANOS)) {
            throw new IllegalStateException("waited in vain for " + what);
        }
    }

    private void expectOk(DmaStatus status, String what) {
        require(status == DmaStatus.OK, what + " ended with " + status);
    }

    private void require(boolean kept, String otherwise) {
        if (!kept) {
            broken.add(otherwise);
        }
    }
}
