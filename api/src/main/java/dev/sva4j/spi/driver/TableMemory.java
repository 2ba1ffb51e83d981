package dev.sva4j.spi.driver;

import dev.sva4j.api.SvaError;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.FrameAllocator;
import dev.sva4j.spi.PhysicalMemory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apiguardian.api.API;

/**
 * The memory of tables and queues: who owns which frames, and stores that the IOMMU sees.
 *
 * <p>Every block is remembered until it is freed, so that {@link #freeAll} leaves nothing behind whatever failed
 * before.
 *
 * <p>Thread-safe; each block belongs to one owner at a time.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public final class TableMemory {
    private final Unit unit;
    private final PhysicalMemory memory;
    private final FrameAllocator frames;

    /** Whether walks and queue accesses snoop the CPU's caches; stores are written back otherwise. */
    private final boolean coherent;

    /** Address to log2 of the size of every block that is ours. Any thread, each block by one owner at a time. */
    private final Map<Long, Integer> owned = new ConcurrentHashMap<>();

    /**
     * Owns nothing yet.
     *
     * @param coherent whether the IOMMU snoops the CPU's caches when it reads tables and queues
     */
    public TableMemory(Unit unit, DriverHost host, boolean coherent) {
        this.unit = unit;
        this.memory = host.memory();
        this.frames = host.frames();
        this.coherent = coherent;
    }

    /**
     * Allocates a zeroed block that is aligned to its size, rounded up to whole frames.
     *
     * @param purpose ends the sentence "no bytes left for ..."
     * @throws dev.sva4j.api.SvaException NO_MEMORY
     */
    public long allocate(long bytes, String purpose) {
        int log2Size = Math.max(FrameAllocator.FRAME_SHIFT, Long.SIZE - Long.numberOfLeadingZeros(bytes - 1));
        long address = frames.allocate(log2Size);
        if (address == FrameAllocator.NO_FRAME) {
            throw unit.refusal(SvaError.NO_MEMORY, "no " + bytes + " bytes left for " + purpose);
        }
        owned.put(address, log2Size);
        // The allocator's zeroes may still be in the CPU's caches.
        writeBack(address, 1L << log2Size);
        return address;
    }

    /** Returns a block that no table and no cache refers to any more. */
    public void free(long address) {
        Integer log2Size = owned.remove(address);
        if (log2Size == null) {
            throw new IllegalStateException(String.format("%s: block 0x%x is not ours to free", unit.name(), address));
        }
        frames.free(address, log2Size);
    }

    /** Returns every block that is still ours. The hardware is off. */
    public void freeAll() {
        owned.keySet().forEach(this::free);
    }

    /** Reads a word; later accesses stay after it. */
    public long load(long address) {
        return memory.loadAcquire(address);
    }

    /** Stores a word after everything that was stored before it: contents come before the pointer to them. */
    public void store(long address, long value) {
        memory.storeRelease(address, value);
        writeBack(address, Long.BYTES);
    }

    /** Stores consecutive words, lowest address first. */
    public void store(long address, long[] words) {
        for (int i = 0; i < words.length; i++) {
            memory.storeRelease(address + (long) i * Long.BYTES, words[i]);
        }
        writeBack(address, (long) words.length * Long.BYTES);
    }

    private void writeBack(long address, long bytes) {
        if (!coherent) {
            memory.writeBack(address, bytes);
        }
    }
}
