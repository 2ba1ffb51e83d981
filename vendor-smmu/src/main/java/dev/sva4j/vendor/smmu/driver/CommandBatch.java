package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.vendor.smmu.layout.Command;
import java.util.Arrays;

/** Commands in the order in which they are to be issued. Belongs to one thread. */
final class CommandBatch {
    private static final int EXPECTED = 8;

    private long[] words = new long[EXPECTED * Command.WORDS];
    private int size;

    /** A batch of one command. */
    static CommandBatch of(long word0, long word1) {
        return new CommandBatch().add(word0, word1);
    }

    CommandBatch add(long word0, long word1) {
        int at = size * Command.WORDS;
        if (at == words.length) {
            words = Arrays.copyOf(words, 2 * words.length);
        }
        words[at] = word0;
        words[at + 1] = word1;
        size++;
        return this;
    }

    int size() {
        return size;
    }

    long word0(int index) {
        return words[index * Command.WORDS];
    }

    long word1(int index) {
        return words[index * Command.WORDS + 1];
    }
}
