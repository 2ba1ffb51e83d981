package dev.sva4j.spi.hardware;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.PhysicalMemory;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Reads structures from memory in 64-bit pieces: in order, or in an order that changes from fetch to fetch.
 *
 * <p>Thread-safe.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public final class StructureFetch {
    private final PhysicalMemory memory;
    private final boolean shuffled;
    private final long seed;

    /** Number of shuffled fetches so far: with the seed it decides the order of the next. */
    private final AtomicLong fetches = new AtomicLong();

    /** Reads in order unless {@link Behaviour#shuffledFetch()}. */
    public StructureFetch(PhysicalMemory memory, Behaviour behaviour) {
        this.memory = memory;
        this.shuffled = behaviour.shuffledFetch();
        this.seed = behaviour.seed();
    }

    /** The structure of so many words at {@code address}, or null if a read aborted. */
    public long @Nullable [] read(long address, int words) {
        return read(address, words, 0);
    }

    /**
     * The same, but the first {@code fixed} words come first and in order: for structures that say in their first word
     * whether they are valid, if hardware must not keep what it read of an invalid one.
     */
    public long @Nullable [] read(long address, int words, int fixed) {
        long[] structure = new long[words];
        try {
            int inOrder = shuffled ? fixed : words;
            for (int word = 0; word < inOrder; word++) {
                structure[word] = memory.loadAcquire(address + (long) word * Long.BYTES);
            }
            if (inOrder < words) {
                readShuffled(address, structure, inOrder);
            }
            return structure;
        } catch (MemoryAbortException e) {
            return null;
        }
    }

    private void readShuffled(long address, long[] structure, int from) {
        SplittableRandom random = new SplittableRandom(seed + fetches.getAndIncrement());
        int[] order = new int[structure.length - from];
        for (int i = 0; i < order.length; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = from + i;
        }
        for (int word : order) {
            structure[word] = memory.loadAcquire(address + (long) word * Long.BYTES);
        }
    }
}
