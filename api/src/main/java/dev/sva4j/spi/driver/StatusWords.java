package dev.sva4j.spi.driver;

import java.util.BitSet;

/**
 * Where hardware writes that a wait has completed: the inv_wait of VT-d, the COMPLETION_WAIT of AMD-Vi.
 *
 * <p>Each wait that is on its way has a word to itself, with a number that the word has not had before. So no waiter can take
 * another's completion for its own (I18), and waits may complete in whatever order hardware likes.
 *
 * <p>Guarded by the lock of its ring, but for {@link #isWritten} and {@link #isExhausted}.
 */
final class StatusWords {
    /** What {@link #acquire} returns when every word is taken. */
    static final int NONE = -1;

    /** One frame of words, the last of which is for waits that nobody waits for. */
    private static final int COUNT = 512;

    private static final int SPARE = COUNT - 1;

    private final TableMemory memory;
    private final long base;
    private final BitSet taken = new BitSet(COUNT);

    /** Whether every word is taken. Written under the lock, read by conditions without. */
    private volatile boolean exhausted;

    /** The number that was last asked for, by word. The owner of a word reads it; nobody writes it meanwhile. */
    private final int[] expected = new int[COUNT];

    /** Allocates the words. */
    StatusWords(TableMemory memory) {
        this.memory = memory;
        this.base = memory.allocate((long) COUNT * Long.BYTES, "the status of waits");
    }

    /** Takes a word, which is not written yet. */
    int acquire() {
        int word = taken.nextClearBit(0);
        if (word >= SPARE) {
            exhausted = true;
            return NONE;
        }
        taken.set(word);
        expected[word]++;
        return word;
    }

    /** Returns a word that hardware will not write any more. */
    void release(int word) {
        taken.clear(word);
        exhausted = false;
    }

    /** Whether there was no word when one was last wanted, and none came back since. */
    boolean isExhausted() {
        return exhausted;
    }

    /** A word that is nobody's. */
    static int spare() {
        return SPARE;
    }

    /** What hardware is to write. 32 bits: hardware that stores 64 writes it with zeroes above, or whatever it likes. */
    int data(int word) {
        return expected[word];
    }

    /** Where it is to write it. */
    long address(int word) {
        return base + (long) word * Long.BYTES;
    }

    /** Whether hardware has written it. Only the lower half of a word is used. */
    boolean isWritten(int word) {
        return (int) memory.load(address(word)) == expected[word];
    }
}
