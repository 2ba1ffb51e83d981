package dev.sva4j.cli.demo;

/** What devices write: words that say which write they come from, and that nobody else writes. */
final class Stamps {
    private static final int SEQUENCE_BITS = 40;
    private static final int CHANNEL_BITS = 8;
    private static final long MARK = 0xD3A5_0000_0000_0000L;
    private static final long MARK_MASK = -1L << (SEQUENCE_BITS + CHANNEL_BITS);

    private Stamps() {}

    /** The word of one write; {@code channel} is at most 255. */
    static long of(int channel, long sequence) {
        return MARK | ((long) channel << SEQUENCE_BITS) | sequence;
    }

    static boolean isStamp(long word) {
        return (word & MARK_MASK) == MARK;
    }
}
