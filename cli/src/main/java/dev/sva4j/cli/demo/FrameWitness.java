package dev.sva4j.cli.demo;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;

/**
 * A process that takes every free frame and fills it with a pattern of its own. Whatever frames somebody has just lost
 * are among them, so a stray write to one of those shows up here: not as a status that some model returned, but in
 * memory.
 */
final class FrameWitness {
    private static final int WORDS = AddressSpace.PAGE_SIZE / Long.BYTES;
    private static final long PATTERN = 0x0157_0000_0000_0000L;

    private final AddressSpace owner;
    private final long base;
    private final int pages;

    private FrameWitness(AddressSpace owner, long base, int pages) {
        this.owner = owner;
        this.base = base;
        this.pages = pages;
    }

    /** Lets {@code owner} take what is free, of {@code memoryBytes} in all. */
    static FrameWitness takeAllFrames(AddressSpace owner, long memoryBytes) {
        long base = owner.map(memoryBytes, Protection.READ_WRITE);
        int pages = 0;
        try {
            while ((long) pages * AddressSpace.PAGE_SIZE < memoryBytes) {
                byte[] content = pattern(pages).array();
                owner.write(base + (long) pages * AddressSpace.PAGE_SIZE, content, 0, content.length);
                pages++;
            }
        } catch (SvaException full) {
            if (full.error() != SvaError.NO_MEMORY) {
                throw full;
            }
        }
        return new FrameWitness(owner, base, pages);
    }

    private static ByteBuffer pattern(int page) {
        ByteBuffer content = ByteBuffer.allocate(AddressSpace.PAGE_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < WORDS; i++) {
            content.putLong(PATTERN | ((long) page << Short.SIZE) | i);
        }
        return content.flip();
    }

    /** Frames that it has taken. */
    int frames() {
        return pages;
    }

    /** Every word found that the owner has not written. */
    Set<Long> foreignWords() {
        Set<Long> foreign = new HashSet<>();
        ByteBuffer content = ByteBuffer.allocate(AddressSpace.PAGE_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        for (int page = 0; page < pages; page++) {
            owner.read(base + (long) page * AddressSpace.PAGE_SIZE, content.array(), 0, AddressSpace.PAGE_SIZE);
            ByteBuffer expected = pattern(page);
            for (int i = 0; i < WORDS; i++) {
                long word = content.getLong(i * Long.BYTES);
                if (word != expected.getLong(i * Long.BYTES)) {
                    foreign.add(word);
                }
            }
        }
        return foreign;
    }
}
