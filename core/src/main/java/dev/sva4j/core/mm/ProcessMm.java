package dev.sva4j.core.mm;

import dev.sva4j.api.Access;
import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.core.event.Listeners;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.Scheduler;
import dev.sva4j.spi.pagetable.Attributes;
import dev.sva4j.spi.pagetable.Mapping;
import dev.sva4j.spi.pagetable.PageTableFormat;
import dev.sva4j.spi.pagetable.Rights;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A process address space: the {@link AddressSpace} that users see, its counts, and its end.
 *
 * <p>Two counts as in the kernel's {@code mm_struct}: <em>users</em> keep the mappings; whoever gives up the last one
 * tears them down. <em>References</em> keep the object and its PASID.
 */
public final class ProcessMm implements AddressSpace {
    private final String name;
    private final MmEnvironment environment;
    private final Consumer<ProcessMm> onLastReference;
    private final Consumer<ProcessMm> onFork;
    private final MmCore core;
    private final MmFaults faults;
    private final MappingChanges changes;
    private final CpuAccess cpu;
    private final Scheduler.WaitQueue reclaimedQueue;

    // Never rises from zero: whoever wants a count tries, and is refused once exit has begun.
    private final AtomicInteger users = new AtomicInteger(1);
    // One for whoever created it, one for all users together: so who holds a users count may take a reference even if
    // it was closed meanwhile.
    private final AtomicInteger references = new AtomicInteger(2);
    private final AtomicBoolean exited = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    // Parts of the end that are not over: tear-down, and a reaper while one runs.
    private final AtomicInteger endings = new AtomicInteger(1);
    private volatile boolean reclaimed;

    // Written by the bond layer under its lock, from NONE to a number once; read by anyone.
    private volatile int pasid = Pasid.NONE;

    private ProcessMm(
            String name,
            MmEnvironment environment,
            MmCore core,
            Consumer<ProcessMm> onFork,
            Consumer<ProcessMm> onLastReference) {
        this.name = name;
        this.environment = environment;
        this.core = core;
        this.onFork = onFork;
        this.onLastReference = onLastReference;
        this.faults = new MmFaults(core);
        this.changes = new MappingChanges(core, name);
        this.cpu = new CpuAccess(core, faults, name);
        this.reclaimedQueue = environment.scheduler().newWaitQueue("reclaim of " + name);
    }

    /**
     * An empty address space with one user and one reference.
     *
     * @param onCreate told of it and of every one that comes from it by fork or exec
     * @param onLastReference told when nothing refers to it any more
     * @throws SvaException NO_MEMORY if there is no frame for the top table
     */
    public static ProcessMm create(
            String name, MmEnvironment environment, Consumer<ProcessMm> onCreate, Consumer<ProcessMm> onLastReference) {
        MmCore core = MmCore.create(name, environment);
        if (core == null) {
            throw new SvaException(
                    SvaError.NO_MEMORY,
                    "no frame left for the page table of " + name + "; exit a process or add memory");
        }
        ProcessMm mm = new ProcessMm(name, environment, core, onCreate, onLastReference);
        onCreate.accept(mm);
        return mm;
    }

    @Override
    public String name() {
        return name;
    }

    /** Format of the page tables. */
    public PageTableFormat format() {
        return core.format();
    }

    /** The listeners of its system. */
    public Listeners listeners() {
        return environment.listeners();
    }

    /** Physical address of the top table. */
    public long root() {
        return core.table.root();
    }

    /** The PASID that stands for this address space, or -1 before the first bind. */
    public int pasid() {
        return pasid;
    }

    /** Gives it its PASID; under the lock of the bond layer. */
    public void setPasid(int number) {
        pasid = number;
    }

    /** Who is told of changes; under the lock of the bond layer, before a device can see the tables. */
    public void setNotifier(MmuNotifier notifier) {
        core.setNotifier(notifier);
    }

    // Counts.

    /** Takes a users count unless exit has begun, also if others still hold one. */
    public boolean tryGetUser() {
        if (exited.get()) {
            return false;
        }
        int seen;
        do {
            seen = users.get();
            if (seen == 0) {
                return false;
            }
        } while (!users.compareAndSet(seen, seen + 1));
        return true;
    }

    /** Gives a users count back. The last one tears the address space down, on this thread. */
    public void putUser() {
        if (users.decrementAndGet() == 0) {
            tearDown();
        }
    }

    /**
     * Gives a users count back from inside the fault handler. Tear-down then runs on a task of its own: it may run
     * callbacks that wait for fault handling.
     */
    public void putUserFromFaultHandler() {
        if (users.decrementAndGet() == 0) {
            environment.scheduler().spawn("exit of " + name, this::tearDown);
        }
    }

    /** Takes a reference; the caller holds one or a users count. */
    public void getReference() {
        references.incrementAndGet();
    }

    private boolean tryGetReference() {
        return references.getAndUpdate(count -> count == 0 ? 0 : count + 1) != 0;
    }

    /** Gives a reference back. */
    public void putReference() {
        if (references.decrementAndGet() == 0) {
            onLastReference.accept(this);
        }
    }

    private void requireUser() {
        if (!tryGetUser()) {
            throw new SvaException(SvaError.STALE, "address space " + name + " has exited");
        }
    }

    private void asUser(Runnable action) {
        requireUser();
        try {
            action.run();
        } finally {
            putUser();
        }
    }

    // Mappings.

    @Override
    public void map(long address, long size, Protection protection) {
        asUser(() -> changes.map(address, size, protection));
    }

    @Override
    public long map(long size, Protection protection) {
        requireUser();
        try {
            return changes.mapAnywhere(size, protection);
        } finally {
            putUser();
        }
    }

    @Override
    public void mapHuge(long address, long size, Protection protection) {
        asUser(() -> changes.mapHuge(address, size, protection));
    }

    @Override
    public void unmap(long address, long size) {
        asUser(() -> changes.unmap(address, size));
    }

    @Override
    public void protect(long address, long size, Protection protection) {
        asUser(() -> changes.protect(address, size, protection));
    }

    @Override
    public void discard(long address, long size) {
        asUser(() -> changes.discard(address, size));
    }

    @Override
    public AddressSpace fork(String childName) {
        requireUser();
        try {
            ProcessMm child = create(childName, environment, onFork, onLastReference);
            if (!new Fork(core, child.core).copy()) {
                child.close();
                throw new SvaException(
                        SvaError.NO_MEMORY, "fork of " + name + ": no frame left for the child's page tables");
            }
            return child;
        } finally {
            putUser();
        }
    }

    @Override
    public AddressSpace exec(String newName) {
        requireUser();
        try {
            ProcessMm fresh = create(newName, environment, onFork, onLastReference);
            close();
            return fresh;
        } finally {
            putUser();
        }
    }

    @Override
    public void read(long address, byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        asUser(() -> cpu.access(address, target, offset, length, Access.READ));
    }

    @Override
    public void write(long address, byte[] source, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.length);
        asUser(() -> cpu.access(address, source, offset, length, Access.WRITE));
    }

    @Override
    public void populate(long address, long size, Access access) {
        asUser(() -> {
            for (long at = address & -PAGE_SIZE; at < address + size; at += PAGE_SIZE) {
                cpu.resolve(at, access);
            }
        });
    }

    /** Handles a fault; the caller holds a users count. */
    public FaultResult handleFault(long address, Access access) {
        return faults.handle(address, access);
    }

    /** Handles a fault of someone who wants several things at once; the caller holds a users count. */
    public FaultResult handleFault(long address, Set<Access> accesses) {
        return faults.handle(address, accesses);
    }

    @Override
    public boolean isResident(long address) {
        return residentLeaf(address) != null;
    }

    private @Nullable Mapping residentLeaf(long address) {
        core.lock.lock();
        try {
            return core.torn || !core.format().isLegal(address) ? null : core.table.lookup(address);
        } finally {
            core.lock.unlock();
        }
    }

    @Override
    public long residentBytes() {
        long[] bytes = new long[1];
        core.lock.lock();
        try {
            if (!core.torn) {
                core.table.visit(0, core.format().lowLast(), leaf -> bytes[0] += leaf.size());
            }
        } finally {
            core.lock.unlock();
        }
        return bytes[0];
    }

    // The end.

    @Override
    public void exit() {
        if (exited.compareAndSet(false, true)) {
            putUser();
        }
    }

    @Override
    public void oomKill() {
        faults.forbid();
        // The reaper tells devices, so the object must not be forgotten before it is done.
        if (!tryGetReference()) {
            return;
        }
        if (endings.getAndUpdate(parts -> parts == 0 ? 0 : parts + 1) == 0) {
            putReference();
            return;
        }
        environment.scheduler().spawn("reaper of " + name, () -> {
            changes.reap();
            endPart();
            putReference();
        });
        // Nobody becomes a user any more: a fork, say, would copy the holes that the reaper makes. The rest is done by
        // a task: exit may run callbacks, and whoever is short of memory waits for none of them.
        if (exited.compareAndSet(false, true)) {
            environment.scheduler().spawn("exit of " + name, this::putUser);
        }
    }

    private void tearDown() {
        MmuNotifier notifier = core.notifier();
        environment.listeners().exitStarted(this);
        notifier.beforeRelease();
        notifier.release();
        Gather gather = new Gather();
        core.transitions.lockRange(0, core.format().lowLast());
        try {
            core.zap(0, core.format().lowLast(), gather);
            core.table.destroy(gather::table);
            core.vmas.clear();
            core.torn = true;
        } finally {
            core.lock.unlock();
        }
        // Release has seen to it that no cache holds anything, so nothing is left to invalidate.
        gather.free(core.frames, core.allocator);
        endPart();
        notifier.afterReclaim();
        // That of the users. Last: the object may go with it.
        putReference();
    }

    private void endPart() {
        if (endings.decrementAndGet() == 0) {
            reclaimed = true;
            reclaimedQueue.wakeAll();
            environment.listeners().reclaimed(this);
        }
    }

    @Override
    public boolean isExiting() {
        return users.get() == 0 || exited.get();
    }

    @Override
    public boolean isReclaimed() {
        return reclaimed;
    }

    @Override
    public boolean awaitReclaimed(long timeoutNanos) {
        Scheduler scheduler = environment.scheduler();
        long deadline = scheduler.nanoTime() + timeoutNanos;
        return reclaimedQueue.await(() -> reclaimed, deadline < scheduler.nanoTime() ? Scheduler.NEVER : deadline);
    }

    @Override
    public void close() {
        exit();
        if (closed.compareAndSet(false, true)) {
            putReference();
        }
    }

    @Override
    public String toString() {
        return "address space " + name + (pasid < 0 ? "" : " (PASID " + pasid + ")");
    }

    /** The copy that fork makes: every page shared, none writable in either until one of them writes. */
    private record Fork(MmCore parent, MmCore child) {
        boolean copy() {
            Gather gather = new Gather();
            long last = parent.format().lowLast();
            parent.transitions.lockRange(0, last);
            try {
                List<Mapping> leaves = new ArrayList<>();
                parent.table.visit(0, last, leaves::add);
                for (Mapping leaf : leaves) {
                    if (!share(leaf)) {
                        return false;
                    }
                }
                parent.vmas.all().forEach(child.vmas::add);
                for (Mapping leaf : leaves) {
                    parent.table.protect(
                            leaf.va(),
                            leaf.last(),
                            leaf.attributes() & Rights.ALL & ~Rights.WRITE,
                            parent.gatherRange(gather));
                }
                parent.beginNarrowing(0, last, gather);
            } finally {
                parent.lock.unlock();
            }
            parent.finishNarrowing(gather);
            return true;
        }

        // The child is not published, so its tables need no lock.
        private boolean share(Mapping leaf) {
            int attributes = Attributes.installed(leaf.attributes() & Rights.ALL & ~Rights.WRITE);
            if (!child.table.map(leaf.va(), leaf.oa(), leaf.size(), attributes, leaf.shift())) {
                return false;
            }
            child.frames.share(leaf.oa(), leaf.size());
            return true;
        }
    }
}
