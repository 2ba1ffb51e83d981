package dev.sva4j.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;

/**
 * A process that takes all the memory there is. Nothing is left for anyone else then; and a device that still writes to a frame which
 * was given back writes into the hog.
 */
final class Hog {
    private static final long AT = Machine.BASE;

    private final AddressSpace mm;
    private long pages;

    private Hog(AddressSpace mm) {
        this.mm = mm;
    }

    /** Takes every frame that is free. */
    static Hog eat(AddressSpace mm, long memoryBytes) {
        Hog hog = new Hog(mm);
        mm.map(AT, memoryBytes, Protection.READ_WRITE);
        try {
            for (long at = AT; at < AT + memoryBytes; at += AddressSpace.PAGE_SIZE) {
                Machine.poke(mm, at, mark(hog.pages));
                hog.pages++;
            }
            throw new AssertionError("all of the memory was given to one process, tables and queues included");
        } catch (SvaException e) {
            assertEquals(SvaError.NO_MEMORY, e.error(), "why the process got no more memory: " + e.getMessage());
        }
        return hog;
    }

    /** Nobody else may have written to its memory. */
    void assertIntact() {
        for (long page = 0; page < pages; page++) {
            long at = AT + page * AddressSpace.PAGE_SIZE;
            assertEquals(
                    mark(page), Machine.peek(mm, at), () -> String.format("memory of another process at 0x%x", at));
        }
    }

    /** Gives everything back. */
    void release() {
        mm.exit();
    }

    private static long mark(long page) {
        return 0x4046_0000_0000_0000L + page;
    }
}
