package dev.sva4j.core.mm;

import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.FrameAllocator;
import dev.sva4j.spi.pagetable.Attributes;
import dev.sva4j.spi.pagetable.Mapping;
import java.util.ArrayList;
import java.util.List;

/** mmap, munmap, mprotect, madvise: what changes the ranges of an address space. Callers hold a users count. */
final class MappingChanges {
    // Linux keeps the lowest pages free (mmap_min_addr), so that a null pointer with a small offset faults.
    private static final long LOWEST = 0x10000;

    private final MmCore core;
    private final String name;

    MappingChanges(MmCore core, String name) {
        this.core = core;
        this.name = name;
    }

    void map(long address, long size, Protection protection) {
        long last = check(address, size, MmCore.PAGE);
        core.transitions.lockRange(address, last);
        try {
            requireFree(address, last);
            core.vmas.add(new Vma(address, last, protection));
        } finally {
            core.lock.unlock();
        }
    }

    long mapAnywhere(long size, Protection protection) {
        check(0, size, MmCore.PAGE);
        core.lock.lock();
        try {
            long address = core.vmas.findFree(size, LOWEST, core.format().lowLast());
            if (address < 0) {
                throw new SvaException(
                        SvaError.NO_SPACE,
                        String.format("no free range of 0x%x bytes in %s; unmap something", size, name));
            }
            core.vmas.add(new Vma(address, address + size - 1, protection));
            return address;
        } finally {
            core.lock.unlock();
        }
    }

    void mapHuge(long address, long size, Protection protection) {
        long block = 1L << FrameTable.BLOCK_SHIFT;
        long last = check(address, size, block);
        List<Long> blocks = allocateBlocks(size / block);
        Gather undo = new Gather();
        boolean mapped = false;
        try {
            core.transitions.lockRange(address, last);
            try {
                requireFree(address, last);
                mapped = installBlocks(address, blocks, protection);
                if (mapped) {
                    core.vmas.add(new Vma(address, last, protection));
                } else {
                    // Frames of what was installed are still in the list, so only tables and the range are gathered.
                    core.takeOut(address, last, core.gatherRange(undo), undo);
                }
            } finally {
                core.lock.unlock();
            }
        } finally {
            if (!mapped) {
                core.finish(undo);
                blocks.forEach(each -> core.frames.release(each, block));
            }
        }
        if (!mapped) {
            throw noMemory("2 MiB pages at", address);
        }
    }

    private List<Long> allocateBlocks(long count) {
        List<Long> blocks = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            long frame = core.frames.allocateBlock();
            if (frame == FrameAllocator.NO_FRAME) {
                blocks.forEach(each -> core.frames.release(each, 1L << FrameTable.BLOCK_SHIFT));
                throw new SvaException(
                        SvaError.NO_MEMORY,
                        String.format(
                                "no contiguous 2 MiB left for %s: block %d of %d; use 4 KiB pages",
                                name, i + 1, count));
            }
            blocks.add(frame);
        }
        return blocks;
    }

    private boolean installBlocks(long address, List<Long> blocks, Protection protection) {
        int attributes = Attributes.installed(MmCore.rights(protection, true));
        long at = address;
        for (long frame : blocks) {
            if (!core.table.map(at, frame, 1L << FrameTable.BLOCK_SHIFT, attributes, FrameTable.BLOCK_SHIFT)) {
                return false;
            }
            at += 1L << FrameTable.BLOCK_SHIFT;
        }
        return true;
    }

    void unmap(long address, long size) {
        long last = check(address, size, MmCore.PAGE);
        lockWholePages(address, last, "unmap");
        core.vmas.remove(address, last);
        core.zapAndUnlock(address, last);
    }

    void discard(long address, long size) {
        long last = check(address, size, MmCore.PAGE);
        lockWholePages(address, last, "discard");
        core.zapAndUnlock(address, last);
    }

    void protect(long address, long size, Protection protection) {
        long last = check(address, size, MmCore.PAGE);
        Gather gather = new Gather();
        lockWholePages(address, last, "protect");
        try {
            if (!core.vmas.covers(address, last)) {
                throw new SvaException(
                        SvaError.NOT_FOUND,
                        String.format(
                                "protect 0x%x..0x%x: not all of it is mapped in %s; map the holes first",
                                address, last, name));
            }
            core.vmas.protect(address, last, protection);
            List<Mapping> leaves = new ArrayList<>();
            core.table.visit(address, last, leaves::add);
            for (Mapping leaf : leaves) {
                boolean exclusive = core.frames.isExclusive(leaf.oa(), leaf.size());
                core.table.protect(
                        leaf.va(), leaf.last(), MmCore.rights(protection, exclusive), core.gatherRange(gather));
            }
            core.beginNarrowing(address, last, gather);
        } finally {
            core.lock.unlock();
        }
        core.finishNarrowing(gather);
    }

    /**
     * Frees the data pages of everything, whatever else goes on; ranges stay, so accesses fail with the reason that the
     * mm is dying.
     */
    void reap() {
        long last = core.format().lowLast();
        core.transitions.lockRange(0, last);
        if (core.torn) {
            core.lock.unlock();
        } else {
            core.zapAndUnlock(0, last);
        }
    }

    private void lockWholePages(long start, long last, String what) {
        if (!core.lockWholePages(start, last)) {
            throw noMemory(what + " part of a 2 MiB page at", start);
        }
    }

    private SvaException noMemory(String what, long address) {
        return new SvaException(
                SvaError.NO_MEMORY, String.format("%s 0x%x in %s: no frame left for tables", what, address, name));
    }

    private void requireFree(long address, long last) {
        if (core.vmas.overlaps(address, last)) {
            throw new SvaException(
                    SvaError.EXISTS,
                    String.format("0x%x..0x%x overlaps a mapping of %s; unmap it first", address, last, name));
        }
    }

    private long check(long address, long size, long alignment) {
        if (size <= 0 || size % alignment != 0 || address % alignment != 0) {
            throw new SvaException(
                    SvaError.INVALID,
                    String.format(
                            "range 0x%x + 0x%x in %s: use multiples of 0x%x and a positive size",
                            address, size, name, alignment));
        }
        long limit = core.format().lowLast();
        if (address < 0 || address > limit || size - 1 > limit - address) {
            throw new SvaException(
                    SvaError.INVALID,
                    String.format("range 0x%x + 0x%x in %s reaches beyond 0x%x", address, size, name, limit));
        }
        return address + size - 1;
    }
}
