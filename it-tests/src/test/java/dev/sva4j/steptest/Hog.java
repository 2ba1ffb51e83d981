package dev.sva4j.steptest;

import dev.sva4j.api.Access;
import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;

/** A process that leaves only some frames to everybody else. */
final class Hog {
    private static final long BLOCK = 2L << 20;
    private static final long BLOCKS = 0x10_0000_0000L;
    private static final long PAGES = 0x20_0000_0000L;

    private final AddressSpace process;

    Hog(AddressSpace process) {
        this.process = process;
    }

    void eat(int leave) {
        long at = BLOCKS;
        while (takes(at, true)) {
            at += BLOCK;
        }
        process.map(PAGES, 1L << 30, Protection.READ_WRITE);
        long end = PAGES;
        while (takes(end, false)) {
            end += AddressSpace.PAGE_SIZE;
        }
        long back = Math.min(leave, (end - PAGES) / AddressSpace.PAGE_SIZE) * AddressSpace.PAGE_SIZE;
        if (back > 0) {
            process.discard(end - back, back);
        }
    }

    private boolean takes(long at, boolean block) {
        try {
            if (block) {
                process.mapHuge(at, BLOCK, Protection.READ_WRITE);
            } else {
                process.populate(at, AddressSpace.PAGE_SIZE, Access.WRITE);
            }
            return true;
        } catch (SvaException e) {
            if (e.error() != SvaError.NO_MEMORY) {
                throw e;
            }
            return false;
        }
    }
}
