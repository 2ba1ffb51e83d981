package dev.sva4j.core.bond;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.DeviceFeature;
import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.ExitPolicy;
import dev.sva4j.api.IoDomain;
import dev.sva4j.api.PasidRange;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.core.fault.FaultRouter;
import dev.sva4j.core.mm.ProcessMm;
import dev.sva4j.core.unit.IommuUnit;
import dev.sva4j.spi.IommuCapabilities;
import dev.sva4j.spi.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A device that is initialised for SVA. */
public final class BoundDevice implements SvaDevice {
    private static final Duration DEFAULT_CALLBACK_TIMEOUT = Duration.ofSeconds(10);

    private final SystemDevice device;
    private final DeviceOptions options;
    private final Conditions conditions;
    private final PasidRange pasids;
    private final BondDirectory directory;
    private final ExitCallbacks callbacks;
    private final UntaggedSlot untagged;
    private final List<PrivateDomain> privates = new CopyOnWriteArrayList<>();

    // Calls under way that bind, attach or open something, counted before they look at closing.
    private final AtomicInteger calls = new AtomicInteger();
    private final Scheduler.WaitQueue callsEnded;
    // Raised before close waits for those.
    private volatile boolean closing;

    private final AtomicBoolean closed = new AtomicBoolean();

    private BoundDevice(
            SystemDevice device,
            DeviceOptions options,
            Conditions conditions,
            PasidRange pasids,
            BondDirectory directory) {
        this.device = device;
        this.options = options;
        this.conditions = conditions;
        this.pasids = pasids;
        this.directory = directory;
        this.callsEnded = directory
                .services()
                .scheduler()
                .newWaitQueue("calls for " + device.spec().name());
        this.callbacks = new ExitCallbacks(
                device.spec().name(),
                options.mmExit(),
                directory.services().scheduler(),
                directory.services().listeners());
        this.untagged = new UntaggedSlot(this, directory.services().scheduler());
    }

    /** Checks every condition, then turns ATS and page requests on, in this order. */
    static BoundDevice initialise(SystemDevice device, DeviceOptions options, BondDirectory directory) {
        Conditions conditions = new Conditions(device.spec(), device.unit());
        BoundDevice initialised = new BoundDevice(device, options, conditions, conditions.check(options), directory);
        initialised.enable();
        return initialised;
    }

    private boolean usesAts() {
        return spec().ats() && unit().capabilities().has(IommuCapabilities.Feature.ATS);
    }

    private boolean usesPageRequests() {
        return usesAts() && spec().pageRequestCredit() > 0 && options.features().contains(DeviceFeature.PAGE_FAULTS);
    }

    private void enable() {
        if (usesAts()) {
            switchOn("ATS", on -> unit().driver().setAts(requester(), on));
            device.endpoint().setAts(true);
        }
        if (usesPageRequests()) {
            try {
                switchOn("page requests", on -> unit().driver().setPageRequests(requester(), on));
            } catch (RuntimeException e) {
                disableAts(new Failures());
                throw e;
            }
            device.endpoint().setPageRequests(true);
        }
    }

    private void switchOn(String what, Consumer<Boolean> step) {
        try {
            step.accept(true);
        } catch (SvaException e) {
            if (e.error() == SvaError.TIMED_OUT) {
                // It may be on: it is taken back, and the device cut off in case that is not confirmed either.
                fence("the IOMMU did not confirm that " + what + " went on");
                new Failures().attempt(() -> step.accept(false));
            }
            throw e;
        }
    }

    private void disable(Failures failures) {
        if (usesPageRequests()) {
            device.endpoint().setPageRequests(false);
            failures.attempt(
                    () -> unit().driver().setPageRequests(requester(), false),
                    () -> fence("the IOMMU did not confirm that page requests went off"));
        }
        disableAts(failures);
    }

    private void disableAts(Failures failures) {
        if (usesAts()) {
            device.endpoint().setAts(false);
            failures.attempt(
                    () -> unit().driver().setAts(requester(), false),
                    () -> fence("the IOMMU did not confirm that ATS went off"));
        }
    }

    // For bonds.

    int requester() {
        return spec().requester();
    }

    IommuUnit unit() {
        return device.unit();
    }

    FaultRouter router() {
        return device.router();
    }

    ExitCallbacks callbacks() {
        return callbacks;
    }

    ExitPolicy exitPolicy() {
        return options.exitPolicy();
    }

    boolean stallsOnFault() {
        return spec().stall() && options.features().contains(DeviceFeature.PAGE_FAULTS);
    }

    void fence(String reason) {
        device.fence(reason);
    }

    void add(Bond bond) {
        device.bonds().put(bond.pasid(), bond);
    }

    void remove(Bond bond) {
        device.bonds().remove(bond.pasid(), bond);
        untagged.release(bond);
    }

    BondEntry entry(int pasid) {
        return new BondEntry.Tagged(unit().driver(), requester(), pasid);
    }

    BondEntry untaggedEntry() {
        return new BondEntry.Untagged(unit().driver(), requester());
    }

    UntaggedSlot untagged() {
        return untagged;
    }

    void remove(PrivateDomain domain) {
        privates.remove(domain);
    }

    /** Gets page requests that are on their way out of it, and drops those whose group will never be complete. */
    void drain(BondEntry entry, Failures failures) {
        failures.attempt(entry::drain, () -> fence("page requests of " + entry + " were not drained"));
        router().discardPartial(requester(), entry.pasid());
    }

    // SvaDevice

    @Override
    public DeviceSpec spec() {
        return device.spec();
    }

    @Override
    public PasidRange pasids() {
        return pasids;
    }

    @Override
    public SvaBond bind(AddressSpace mm, @Nullable Object drvdata) {
        conditions.requirePasids();
        return bind(mm, bonds -> bonds.bind(this, drvdata));
    }

    @Override
    public SvaBond bindUntagged(AddressSpace mm, @Nullable Object drvdata) {
        if (!options.features().contains(DeviceFeature.NO_PASID)) {
            throw conditions.unsupported("it was initialised without NO_PASID");
        }
        return bind(mm, bonds -> bonds.bindUntagged(this, drvdata));
    }

    private Bond bind(AddressSpace mm, Function<MmBonds, Bond> step) {
        if (!(mm instanceof ProcessMm process) || !directory.serves(process)) {
            throw new SvaException(
                    SvaError.INVALID,
                    "address space " + mm.name() + " is not one of this system; use createAddressSpace");
        }
        requirePresent();
        if (!process.tryGetUser()) {
            throw new SvaException(
                    SvaError.STALE, "bind " + spec().name() + ": address space " + mm.name() + " is exiting");
        }
        try {
            begin();
            try {
                return step.apply(directory.bondsOf(process));
            } finally {
                end();
            }
        } finally {
            process.putUser();
        }
    }

    private void begin() {
        calls.incrementAndGet();
        if (closing) {
            end();
            throw new SvaException(SvaError.NO_DEVICE, "device " + spec().name() + " is closed; call initDevice first");
        }
    }

    private void end() {
        if (calls.decrementAndGet() == 0) {
            callsEnded.wakeAll();
        }
    }

    private void requirePresent() {
        if (!device.endpoint().isPresent()) {
            throw new SvaException(SvaError.NO_DEVICE, "device " + spec().name() + " was removed");
        }
    }

    @Override
    public Optional<SvaBond> find(int pasid) {
        Bond bond = device.bonds().get(pasid);
        return bond != null && bond.boundDevice() == this ? Optional.of(bond) : Optional.empty();
    }

    @Override
    public List<SvaBond> bonds() {
        return List.copyOf(ownBonds());
    }

    // The device may have been closed and initialised again: bonds of the other initialisation are none of our
    // business.
    private List<Bond> ownBonds() {
        return device.bonds().values().stream()
                .filter(bond -> bond.boundDevice() == this)
                .toList();
    }

    @Override
    public IoDomain openPrivateDomain(String name) {
        if (!options.features().contains(DeviceFeature.PRIVATE_PASID)) {
            throw conditions.unsupported("it was initialised without PRIVATE_PASID");
        }
        requirePresent();
        begin();
        try {
            PrivateDomain opened = PrivateDomain.open(name, this, directory.services());
            privates.add(opened);
            return opened;
        } finally {
            end();
        }
    }

    @Override
    public void attachUntagged(@Nullable IoDomain domain) {
        UntaggedDomain next = domain == null ? null : requireOwn(domain);
        if (next != null) {
            requirePresent();
        }
        begin();
        try {
            untagged.attach(next);
        } finally {
            end();
        }
    }

    private UntaggedDomain requireOwn(IoDomain domain) {
        if (domain instanceof UntaggedDomain own
                && own.isOf(directory.services().listeners())) {
            return own;
        }
        throw new SvaException(
                SvaError.INVALID, domain + " is not a domain for untagged traffic of this system; use createDomain");
    }

    /** What has to be ended before it is closed in good order, in words. */
    public List<String> leftovers() {
        List<String> left = new ArrayList<>();
        ownBonds().forEach(bond -> left.add(bond + " was still there, unbind it first"));
        UntaggedDomain attached = untagged.domain();
        if (attached != null) {
            left.add(attached + " still had untagged traffic of " + spec().name() + ", attach null first");
        }
        privates.forEach(domain -> left.add(domain + " was still open, close it first"));
        return left;
    }

    @Override
    public void close() {
        close(DEFAULT_CALLBACK_TIMEOUT);
    }

    @Override
    public void close(Duration callbackTimeout) {
        closing = true;
        // Whoever was let in before has published its bond after this; nobody is let in any more.
        callsEnded.await(() -> calls.get() == 0, Scheduler.NEVER);
        Failures failures = new Failures();
        for (Bond bond : ownBonds()) {
            failures.attempt(bond::release);
        }
        if (untagged.domain() != null) {
            failures.attempt(() -> untagged.attach(null));
        }
        for (PrivateDomain each : privates) {
            failures.attempt(each::close);
        }
        List<Bond> running = callbacks.awaitEnd(deadline(callbackTimeout));
        if (!running.isEmpty()) {
            throw new SvaException(
                    SvaError.TIMED_OUT,
                    "exit callbacks of " + spec().name() + " still run after " + callbackTimeout + " for "
                            + running.stream()
                                    .map(bond -> bond.mm().name() + " (" + bond.entry() + ")")
                                    .collect(Collectors.joining(", "))
                            + "; let them return and close again");
        }
        if (closed.compareAndSet(false, true)) {
            disable(failures);
            device.closed(this);
        }
        failures.throwFirst();
    }

    private long deadline(Duration timeout) {
        long now = directory.services().scheduler().nanoTime();
        return timeout.compareTo(Duration.ofNanos(Scheduler.NEVER - now)) >= 0
                ? Scheduler.NEVER
                : now + timeout.toNanos();
    }
}
