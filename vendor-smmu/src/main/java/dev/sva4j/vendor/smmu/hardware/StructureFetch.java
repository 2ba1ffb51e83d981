package dev.sva4j.vendor.smmu.hardware;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.PhysicalMemory;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads structures from memory in 64-bit pieces: in order, or in an order that changes from fetch to fetch (§3.21.3).
 */
final class StructureFetch {
    private final PhysicalMemory memory;
    private final boolean shuffled;
    private final long seed;

    /** Number of shuffled fetches so far: with the seed it decides the order of the next. */
    private final AtomicLong fetches = new AtomicLong();

    StructureFetch(PhysicalMemory memory, Behaviour behaviour) {
        this.memory = memory;
        this.shuffled = behaviour.shuffledFetch();
        this.seed = behaviour.seed();
    }

    /** The structure of so many words at {@code address}, or null if a read aborted. */
    long @Nullable [] read(long address, int words) {
        long[] structure = new long[words];
        try {
            if (shuffled) {
                readShuffled(address, structure);
            } else {
                for (int word = 0; word < words; word++) {
                    structure[word] = memory.loadAcquire(address + (long) word * Long.BYTES);
                }
            }
            return structure;
        } catch (MemoryAbortException e) {
            return null;
        }
    }

    private void readShuffled(long address, long[] structure) {
        SplittableRandom random = new SplittableRandom(seed + fetches.getAndIncrement());
        int[] order = new int[structure.length];
        for (int i = 0; i < order.length; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        for (int word : order) {
            structure[word] = memory.loadAcquire(address + (long) word * Long.BYTES);
        }
    }
}
