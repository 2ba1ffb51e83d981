package dev.sva4j.spi.driver;

import java.util.Arrays;
import org.apiguardian.api.API;

/**
 * Commands in the order in which they are to be issued. A command is two 64-bit words; what an architecture's format has
 * beyond is zero in every command of it.
 *
 * <p>Belongs to one thread.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public final class CommandBatch {
    private static final int WORDS = 2;
    private static final int EXPECTED = 8;

    private long[] words = new long[EXPECTED * WORDS];
    private int size;

    /** An empty batch. */
    public CommandBatch() {}

    /** A batch of one command. */
    public static CommandBatch of(long word0, long word1) {
        return new CommandBatch().add(word0, word1);
    }

    /** Appends a command. */
    public CommandBatch add(long word0, long word1) {
        int at = size * WORDS;
        if (at == words.length) {
            words = Arrays.copyOf(words, 2 * words.length);
        }
        words[at] = word0;
        words[at + 1] = word1;
        size++;
        return this;
    }

    /** How many commands there are. */
    public int size() {
        return size;
    }

    /** The first word of a command. */
    public long word0(int index) {
        return words[index * WORDS];
    }

    /** The second word of a command. */
    public long word1(int index) {
        return words[index * WORDS + 1];
    }
}
