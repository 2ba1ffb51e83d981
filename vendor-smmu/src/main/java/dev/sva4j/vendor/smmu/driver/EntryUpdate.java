package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.vendor.smmu.layout.UsedBits;
import java.util.Arrays;

/**
 * Changes an STE or CD while hardware may be reading it, so that every fetch, in whatever order of words, means either
 * the old or the new configuration (IHI 0070 §3.21, §5.4.1; {@code arm_smmu_write_entry}).
 *
 * <p>Hardware reads 64-bit words whole, and in a given state looks only at some bits. So words that the old
 * configuration does not look at are prepared first; then, if the two differ in what is looked at in one word only, a
 * store to that word switches over; last the bits that the new one does not look at are cleaned up. Each step ends with
 * an invalidation of cached copies, or a copy of an early step could be mixed with words of a later one. If more than
 * one word would have to switch, the entry is invalid meanwhile.
 */
final class EntryUpdate {
    /** Which bits hardware looks at. */
    @FunctionalInterface
    interface LiveBits {
        /** The bits of word {@code word} that matter in the state that {@code entry} is in. */
        long of(long[] entry, int word);
    }

    private final TableMemory memory;
    private final LiveBits live;

    private EntryUpdate(TableMemory memory, LiveBits live) {
        this.memory = memory;
        this.live = live;
    }

    static EntryUpdate ofStreamTableEntries(TableMemory memory) {
        return new EntryUpdate(memory, (ste, word) -> UsedBits.ste(word, ste[0], ste[1]));
    }

    static EntryUpdate ofContextDescriptors(TableMemory memory) {
        return new EntryUpdate(memory, (cd, word) -> UsedBits.cd(word, cd[0]));
    }

    /**
     * Makes the entry at {@code address} equal to {@code target}. One update of an entry at a time.
     *
     * @param target has no bit set that is not live in it
     * @param sync removes every cached copy of the entry and waits until that is done
     */
    void write(long address, long[] target, Runnable sync) {
        long[] current = load(address, target.length);
        long[] prepared = new long[target.length];
        int switching = 0;
        int switchingWord = 0;
        for (int word = 0; word < target.length; word++) {
            long liveNow = live.of(current, word);
            prepared[word] = (current[word] & liveNow) | (target[word] & ~liveNow);
            if ((prepared[word] & live.of(target, word)) != target[word]) {
                switching++;
                switchingWord = word;
            }
        }
        if (switching > 1) {
            replace(address, target, sync);
            return;
        }
        if (switching == 1) {
            // Its dead bits come with the switch: that may save the first step altogether.
            prepared[switchingWord] = current[switchingWord];
            store(address, prepared, 0, target.length, sync);
            store(address, target, switchingWord, switchingWord + 1, sync);
        }
        store(address, target, 0, target.length, sync);
    }

    /** By way of an invalid entry: V is in word 0, and nothing else is live without it. */
    private void replace(long address, long[] target, Runnable sync) {
        store(address, new long[target.length], 0, 1, sync);
        store(address, target, 1, target.length, sync);
        store(address, target, 0, 1, sync);
    }

    /** Stores words {@code [from, to)} as far as they differ, and syncs if any did. */
    private void store(long address, long[] words, int from, int to, Runnable sync) {
        long[] current = load(address, words.length);
        boolean changed = false;
        for (int word = from; word < to; word++) {
            if (current[word] != words[word]) {
                memory.store(address + (long) word * Long.BYTES, words[word]);
                changed = true;
            }
        }
        if (changed) {
            sync.run();
        }
    }

    private long[] load(long address, int words) {
        long[] entry = new long[words];
        Arrays.setAll(entry, word -> memory.load(address + (long) word * Long.BYTES));
        return entry;
    }
}
