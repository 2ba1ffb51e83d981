package dev.sva4j.core.mm;

import dev.sva4j.api.Access;
import dev.sva4j.api.Protection;
import dev.sva4j.core.schedule.AuditedLock;
import dev.sva4j.spi.FrameAllocator;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.Scheduler;
import dev.sva4j.spi.pagetable.BlockSplit;
import dev.sva4j.spi.pagetable.LeafListener;
import dev.sva4j.spi.pagetable.Mapping;
import dev.sva4j.spi.pagetable.PageTable;
import dev.sva4j.spi.pagetable.PageTableFormat;
import dev.sva4j.spi.pagetable.Rights;
import org.jspecify.annotations.Nullable;

/**
 * The tables and ranges of one address space, and the one way to change them: under the lock take out, without it
 * invalidate, then free.
 *
 * <p>The lock is held for short sections only, never while anybody waits. What must stay untouched between two sections
 * is a {@link Transitions transition}.
 */
final class MmCore {
    static final long PAGE = 4096;

    final PhysicalMemory memory;
    final FrameAllocator allocator;
    final FrameTable frames;
    final Scheduler scheduler;
    final AuditedLock lock;
    final Transitions transitions;

    private final Narrowings narrowings = new Narrowings();

    // Guarded by lock.
    final VmaMap vmas = new VmaMap();
    final PageTable table;
    // Guarded by lock: tables are gone.
    boolean torn;

    // Set once by the bond layer before any device can reach the tables; read without a lock.
    private volatile MmuNotifier notifier = MmuNotifier.NONE;

    private MmCore(String name, MmEnvironment environment, PageTable table) {
        this.memory = environment.memory();
        this.allocator = environment.allocator();
        this.frames = environment.frames();
        this.scheduler = environment.scheduler();
        this.table = table;
        this.lock = new AuditedLock("mm " + name);
        this.transitions = new Transitions(lock, scheduler.newWaitQueue("transitions of " + name));
    }

    /** Null if there is no frame for the top table. */
    static @Nullable MmCore create(String name, MmEnvironment environment) {
        PageTable table = PageTable.create(environment.format(), environment.memory(), environment.allocator());
        return table == null ? null : new MmCore(name, environment, table);
    }

    PageTableFormat format() {
        return table.format();
    }

    MmuNotifier notifier() {
        return notifier;
    }

    void setNotifier(MmuNotifier listener) {
        notifier = listener;
    }

    /** Carries out what was gathered. Call without the lock. */
    void finish(Gather gather) {
        gather.finish(notifier, frames, allocator);
    }

    /**
     * Ends the first half of a change that took rights away somewhere in {@code start … last}, with the lock held:
     * {@link #finishNarrowing} follows without it.
     */
    void beginNarrowing(long start, long last, Gather gather) {
        narrowings.addPending(start, last, gather);
        Narrowings.Range range = gather.range();
        if (range != null) {
            narrowings.begin(range);
        }
    }

    /**
     * When this returns no device uses more rights than the tables gave at {@link #beginNarrowing}, even if somebody
     * else had taken them away and not carried that out yet. Call without the lock.
     */
    void finishNarrowing(Gather gather) {
        Narrowings.Range range = gather.range();
        if (range == null) {
            return;
        }
        try {
            finish(gather);
        } finally {
            lock.lock();
            narrowings.end(range);
            lock.unlock();
        }
    }

    /** A listener that gathers the frames behind leaves which are taken out. */
    LeafListener gatherFrames(Gather gather) {
        return (va, level, old) -> {
            long bytes = 1L << format().indexShift(level);
            gather.changed(va, va + bytes - 1);
            gather.frames(format().leafAddress(level, old), bytes);
        };
    }

    /** A listener that gathers the range of leaves which are changed. */
    LeafListener gatherRange(Gather gather) {
        return (va, level, old) -> gather.changed(va, va + (1L << format().indexShift(level)) - 1);
    }

    /** Takes every leaf of the range out; with the lock held, no block reaching over its ends. */
    void zap(long start, long last, Gather gather) {
        takeOut(start, last, gatherFrames(gather), gather);
    }

    /**
     * Takes leaves out, and tables that are empty then unless a transition comes back to them; those go with a later
     * change, or at the end.
     */
    void takeOut(long start, long last, LeafListener leaves, Gather gather) {
        if (transitions.mayNeedTablesOf(start, last, format())) {
            table.breakRange(start, last, leaves);
        } else {
            table.unmap(start, last, leaves, gather::table);
        }
    }

    /**
     * Takes every leaf of the range out and carries it out; nobody fills the range before every device has forgotten
     * it, because a live translation is never exchanged for another one in one step. Takes over the lock, and releases
     * it.
     */
    void zapAndUnlock(long start, long last) {
        Gather gather = new Gather();
        try {
            zap(start, last, gather);
            transitions.beginRemoval(start, last);
        } finally {
            lock.unlock();
        }
        finish(gather);
        lock.lock();
        transitions.end(start, last);
        lock.unlock();
        transitions.wake();
    }

    /**
     * Takes the lock at a moment when no transition overlaps the range and no block reaches over its ends, cutting such
     * blocks first.
     *
     * @return {@code false} without the lock, and without a change, if there are no frames for cutting
     */
    boolean lockWholePages(long start, long last) {
        while (true) {
            transitions.lockRange(start, last);
            if (torn) {
                return true;
            }
            Mapping first = table.lookup(start);
            Mapping end = table.lookup(last);
            long from = first == null ? start : first.va();
            long to = end == null ? last : end.last();
            if (from >= start && to <= last) {
                return true;
            }
            Gather gather = new Gather();
            BlockSplit split = table.split(start, last, gatherRange(gather));
            if (split == null) {
                lock.unlock();
                return false;
            }
            // Blocks that are cut are live, so no other transition holds a part of them.
            transitions.beginExchange(Math.min(from, start), Math.max(to, last));
            lock.unlock();
            finish(gather);
            lock.lock();
            split.finish();
            transitions.end(Math.min(from, start), Math.max(to, last));
            lock.unlock();
            transitions.wake();
        }
    }

    /** Rights of a leaf in a range with this protection; without write if the frame is shared. */
    static int rights(Protection protection, boolean exclusive) {
        if (protection == Protection.NONE) {
            // Present for the kernel only: contents stay, user mode and devices fault.
            return Rights.READ;
        }
        return Rights.READ
                | Rights.USER
                | (exclusive && protection.allows(Access.WRITE) ? Rights.WRITE : 0)
                | (protection.allows(Access.EXECUTE) ? Rights.EXECUTE : 0);
    }
}
