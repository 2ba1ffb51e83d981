package dev.sva4j.core.mm;

import dev.sva4j.api.Access;
import dev.sva4j.spi.FrameAllocator;
import dev.sva4j.spi.pagetable.Attributes;
import dev.sva4j.spi.pagetable.Mapping;
import dev.sva4j.spi.pagetable.Rights;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Page faults of one address space: demand zero, copy-on-write, upgrades. For the CPU and for devices alike; callers
 * hold a users count.
 *
 * <p>Success means progress: afterwards the leaf, looked at alone as a hardware walker does, allows the access (I29).
 */
final class MmFaults {
    private final MmCore core;

    // Raised when the address space was chosen by the out-of-memory killer: a fault must fail rather than hand out a
    // fresh page, because the contents that it would replace are being thrown away.
    private volatile boolean unstable;

    MmFaults(MmCore core) {
        this.core = core;
    }

    void forbid() {
        unstable = true;
    }

    FaultResult handle(long address, Access access) {
        return handle(address, EnumSet.of(access));
    }

    /** Every right is looked at before anything is done: a request that is refused fills no page in. */
    FaultResult handle(long address, Set<Access> accesses) {
        long page = address & -MmCore.PAGE;
        if (address < 0 || page > core.format().lowLast()) {
            return FaultResult.NOT_MAPPED;
        }
        Step step;
        do {
            step = step(page, accesses);
        } while (step.again);
        return step.result == null ? FaultResult.RESOLVED : step.result;
    }

    /** Outcome of one attempt. {@code again}: something in the way was removed, look once more. */
    private record Step(@Nullable FaultResult result, boolean again) {
        static final Step AGAIN = new Step(null, true);
        static final Step RESOLVED = new Step(FaultResult.RESOLVED, false);
        static final Step NO_MEMORY = new Step(FaultResult.NO_MEMORY, false);
    }

    private Step step(long page, Set<Access> accesses) {
        long last = page + MmCore.PAGE - 1;
        boolean write = accesses.contains(Access.WRITE);
        Gather gather = new Gather();
        core.transitions.lockRange(page, last);
        long fresh;
        Mapping shared;
        try {
            if (core.torn || unstable) {
                return new Step(FaultResult.DYING, false);
            }
            Vma vma = core.vmas.find(page);
            if (vma == null) {
                return new Step(FaultResult.NOT_MAPPED, false);
            }
            if (!accesses.stream().allMatch(vma.protection()::allows)) {
                return new Step(FaultResult.NO_RIGHT, false);
            }
            Mapping leaf = core.table.lookup(page);
            if (leaf == null) {
                return demandZero(page, vma) ? Step.RESOLVED : Step.NO_MEMORY;
            }
            if (!leaf.has(Attributes.ACCESSED)) {
                core.table.mark(leaf.va(), leaf.last(), Attributes.ACCESSED, core.gatherRange(gather));
            }
            if (!write || leaf.has(Rights.WRITE)) {
                if (write) {
                    core.table.mark(leaf.va(), leaf.last(), Attributes.DIRTY, core.gatherRange(gather));
                }
                shared = null;
                fresh = FrameAllocator.NO_FRAME;
            } else if (core.frames.isExclusive(leaf.oa(), leaf.size())) {
                core.table.protect(
                        leaf.va(), leaf.last(), MmCore.rights(vma.protection(), true), core.gatherRange(gather));
                core.table.mark(leaf.va(), leaf.last(), Attributes.DIRTY, core.gatherRange(gather));
                shared = null;
                fresh = FrameAllocator.NO_FRAME;
            } else if (leaf.size() > MmCore.PAGE) {
                shared = leaf;
                fresh = FrameAllocator.NO_FRAME;
            } else {
                fresh = core.frames.allocatePage();
                if (fresh == FrameAllocator.NO_FRAME) {
                    return Step.NO_MEMORY;
                }
                shared = leaf;
                core.table.breakRange(page, last, core.gatherRange(gather));
                core.transitions.beginExchange(page, last);
            }
        } finally {
            core.lock.unlock();
        }
        if (shared == null) {
            // A device may hold the old, narrower entry: it must find the new one when it tries again.
            core.finish(gather);
            return Step.RESOLVED;
        }
        return fresh == FrameAllocator.NO_FRAME ? cut(page, last) : copy(page, last, shared, fresh, gather);
    }

    private boolean demandZero(long page, Vma vma) {
        long frame = core.frames.allocatePage();
        if (frame == FrameAllocator.NO_FRAME) {
            return false;
        }
        int attributes = Attributes.installed(MmCore.rights(vma.protection(), true));
        if (!core.table.map(page, frame, MmCore.PAGE, attributes)) {
            core.frames.release(frame, MmCore.PAGE);
            return false;
        }
        return true;
    }

    // Copy-on-write of one page of a shared block: the block is cut into pages first.
    private Step cut(long page, long last) {
        if (!core.lockWholePages(page, last)) {
            return Step.NO_MEMORY;
        }
        core.lock.unlock();
        return Step.AGAIN;
    }

    // The page is out of the tables and in transition. Once nobody can write to the old frame any more it is copied.
    private Step copy(long page, long last, Mapping shared, long fresh, Gather gather) {
        core.finish(gather);
        byte[] contents = new byte[(int) MmCore.PAGE];
        core.memory.read(shared.oa(), contents, 0, contents.length);
        core.memory.write(fresh, contents, 0, contents.length);
        core.lock.lock();
        try {
            // Ranges cannot have changed: whoever changes them waits for the transition. Tables are there: the leaf was
            // taken out of them.
            Vma vma = core.vmas.find(page);
            if (vma == null
                    || !core.table.map(
                            page, fresh, MmCore.PAGE, Attributes.installed(MmCore.rights(vma.protection(), true)))) {
                throw new IllegalStateException(String.format("page 0x%x changed during its transition", page));
            }
            core.transitions.end(page, last);
        } finally {
            core.lock.unlock();
        }
        core.transitions.wake();
        core.frames.release(shared.oa(), MmCore.PAGE);
        return Step.RESOLVED;
    }
}
