package dev.sva4j.steptest.model;

import java.util.List;

/**
 * The addresses that a run uses, cut into extents: what no operation ever takes a part of. Most are single pages; the bulk of a 2 MiB block
 * is one extent, so that the model need not know 512 pages.
 */
public final class Layout {
    public static final int PAGE = 4096;
    /** No block. */
    static final int NONE = -1;

    private static final long BLOCK = 2L << 20;

    /** Neighbouring pages in one table. */
    private static final long PAGES = 0x4000_0000L;
    /** Four pages of which two are the last ones of their table. */
    private static final long STRADDLE = 0x4020_0000L - 2 * PAGE;
    /** Two neighbouring 2 MiB blocks. */
    private static final long BLOCKS = 0x4060_0000L;

    /**
     * An extent.
     *
     * @param address first byte
     * @param pages size
     * @param block number of its block, or {@link #NONE}
     */
    public record Extent(long address, int pages, int block) {
        public long size() {
            return (long) pages * PAGE;
        }

        long end() {
            return address + size();
        }
    }

    /** All, in ascending order. */
    public static final List<Extent> EXTENTS = List.of(
            page(PAGES),
            page(PAGES + PAGE),
            page(PAGES + 2 * PAGE),
            page(PAGES + 3 * PAGE),
            page(STRADDLE),
            page(STRADDLE + PAGE),
            page(STRADDLE + 2 * PAGE),
            page(STRADDLE + 3 * PAGE),
            new Extent(BLOCKS, 1, 0),
            new Extent(BLOCKS + PAGE, 1, 0),
            new Extent(BLOCKS + 2 * PAGE, 509, 0),
            new Extent(BLOCKS + 511 * PAGE, 1, 0),
            new Extent(BLOCKS + BLOCK, 1, 1),
            new Extent(BLOCKS + BLOCK + PAGE, 511, 1));

    static final int COUNT = EXTENTS.size();
    static final int BLOCK_COUNT = 2;
    private static final int[] FIRST_OF_BLOCK = {8, 12};
    private static final int[] LAST_OF_BLOCK = {11, 13};

    private Layout() {}

    private static Extent page(long address) {
        return new Extent(address, 1, NONE);
    }

    /** Whether bytes are read and written there. */
    public static boolean isPage(int extent) {
        return EXTENTS.get(extent).pages() == 1;
    }

    /** Whether the next extent begins where this one ends. */
    public static boolean reachesNext(int extent) {
        return extent + 1 < COUNT
                && EXTENTS.get(extent).end() == EXTENTS.get(extent + 1).address();
    }

    static int block(int extent) {
        return EXTENTS.get(extent).block();
    }

    public static int firstOfBlock(int block) {
        return FIRST_OF_BLOCK[block];
    }

    public static int lastOfBlock(int block) {
        return LAST_OF_BLOCK[block];
    }

    /** Bytes from the first to the last extent. */
    public static long size(int first, int last) {
        return EXTENTS.get(last).end() - EXTENTS.get(first).address();
    }
}
