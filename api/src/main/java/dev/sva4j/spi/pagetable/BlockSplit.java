package dev.sva4j.spi.pagetable;

import dev.sva4j.spi.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
import org.apiguardian.api.API;

/**
 * The second half of {@link PageTable#split}: blocks that were taken out, and the tables that will stand in their
 * place.
 *
 * <p>Not thread-safe; belongs to whoever serialises the writers of its table.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public final class BlockSplit {
    private final PageTable owner;
    private final PhysicalMemory memory;
    private final List<Replacement> replacements = new ArrayList<>(2);
    private boolean finished;

    BlockSplit(PageTable owner, PhysicalMemory memory) {
        this.owner = owner;
        this.memory = memory;
    }

    /** {@code start … last} is unmapped until {@code entry} is written to {@code entryAddress}. */
    private record Replacement(long start, long last, long entryAddress, long entry) {}

    void add(Mapping block, long entry) {
        replacements.add(new Replacement(block.va(), block.last(), block.entryAddress(), entry));
    }

    /** Whether no block was in the way: then nothing was changed, and there is nothing to invalidate. */
    public boolean isEmpty() {
        return replacements.isEmpty();
    }

    /**
     * Links the tables. The caller has invalidated every address that {@link PageTable#split} reported, in all IOTLBs,
     * device TLBs and CPU TLBs, so that no walker has the block and its pages at the same time.
     *
     * @throws IllegalStateException if called twice
     */
    public void finish() {
        if (finished) {
            throw new IllegalStateException("this split was finished before");
        }
        finished = true;
        for (Replacement replacement : replacements) {
            memory.storeRelease(replacement.entryAddress, replacement.entry);
            memory.writeBack(replacement.entryAddress, 8);
        }
        owner.finished(this);
    }

    boolean covers(long start, long last) {
        return replacements.stream()
                .anyMatch(one ->
                        Long.compareUnsigned(one.start, last) <= 0 && Long.compareUnsigned(one.last, start) >= 0);
    }
}
