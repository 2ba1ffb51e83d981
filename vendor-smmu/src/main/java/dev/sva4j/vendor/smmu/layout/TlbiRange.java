package dev.sva4j.vendor.smmu.layout;

import org.jspecify.annotations.Nullable;

/**
 * Range and level hint of TLB invalidation by address (IHI 0070 §4, IDR3.RIL).
 *
 * <p>A command covers {@code (NUM + 1) * 2^SCALE} granules from its address. Any number of granules is the sum of a few
 * such ranges: the lowest five bits that matter, the next five and so on.
 *
 * <pre>{@code
 * for (long left = pages; left > 0; left -= TlbiRange.granules(left)) {
 *     // word0 with withGranules(word0, left), word1 with withHint(word1, ...); address += granules * size
 * }
 * }</pre>
 */
public final class TlbiRange {

    private static final int NUM_VALUES = (int) Command.NUM.max() + 1;

    private TlbiRange() {}

    /** How many of {@code left} granules the next command covers. */
    public static long granules(long left) {
        return (num(left) + 1L) << scale(left);
    }

    /** The first word with NUM and SCALE for the next of {@code left} granules; the other side of {@link #granules}. */
    public static long withGranules(long word0, long left) {
        return Command.SCALE.put(Command.NUM.put(word0, num(left)), scale(left));
    }

    /**
     * The second word with granule and level.
     *
     * @param log2LeafBytes log2 of the size of every leaf in the range, or 0 if it is not known
     */
    public static long withHint(long word1, Granule granule, int log2LeafBytes) {
        int ttl = log2LeafBytes == 0 ? 0 : leafLevel(granule, log2LeafBytes);
        return Command.TTL.put(Command.TG.put(word1, granule.commandTg()), ttl);
    }

    /**
     * A number of granules, at least as many, whose last command is not the reserved encoding of a single granule
     * without a level hint. Needed when the level is not known, because there NUM = SCALE = TTL = 0 is illegal.
     */
    public static long avoidReserved(long granules) {
        return granules % NUM_VALUES == 1 ? granules + 1 : granules;
    }

    /** Whether the words are the reserved encoding: a granule, but NUM, SCALE and TTL all 0. */
    public static boolean isReserved(long word0, long word1) {
        return Command.TG.get(word1) != 0
                && Command.NUM.get(word0) == 0
                && Command.SCALE.get(word0) == 0
                && Command.TTL.get(word1) == 0;
    }

    /** The granule of a command, or null if it has neither range nor hint. */
    public static @Nullable Granule granule(long word1) {
        return Granule.ofCommandTg(Command.TG.get(word1));
    }

    /**
     * Bytes that a command with a granule covers from its address; {@link Long#MAX_VALUE} if they are more than that,
     * as the largest SCALE asks for.
     */
    public static long bytes(long word0, Granule granule) {
        long shift = Command.SCALE.get(word0) + granule.shift();
        long count = Command.NUM.get(word0) + 1;
        return shift >= Long.numberOfLeadingZeros(count) ? Long.MAX_VALUE : count << shift;
    }

    private static int scale(long left) {
        if (left <= 0) {
            throw new IllegalArgumentException("no command covers " + left + " granules");
        }
        return Long.numberOfTrailingZeros(left);
    }

    private static int num(long left) {
        return (int) ((left >>> scale(left)) & Command.NUM.max()) - 1;
    }

    private static int leafLevel(Granule granule, int log2LeafBytes) {
        int level = 3 - (log2LeafBytes - granule.shift()) / granule.stride();
        if (level < 1 || granule.levelShift(level) != log2LeafBytes) {
            throw new IllegalArgumentException(
                    granule + " has no leaf of 2^" + log2LeafBytes + " bytes with a level hint");
        }
        return level;
    }
}
