package dev.sva4j.vendor.smmu.layout;

/**
 * Addresses in the table of context descriptors that STE.S1ContextPtr, S1CDMax and S1Fmt describe (IHI 0070 §5.2, §5.3).
 *
 * <pre>
 *   S1CDMax = 0   CD   at base
 *   S1Fmt 0, 3    CD   at base + SSID * 64
 *   S1Fmt 1       L1CD at base + (SSID &gt;&gt;  6) * 8     CD at L2Ptr + (SSID modulo   64) * 64
 *   S1Fmt 2       L1CD at base + (SSID &gt;&gt; 10) * 8     CD at L2Ptr + (SSID modulo 1024) * 64
 * </pre>
 *
 * <p>A two-level table keeps its first level however few descriptors it has: then only entry 0 is used.
 */
public final class ContextDescriptorTable {

    private static final int SPLIT_4KB = 6;
    private static final int SPLIT_64KB = 10;

    private ContextDescriptorTable() {}

    /** Whether a look-up reads an L1CD first. S1Fmt is ignored without substreams, and 3 acts as 0. */
    public static boolean isTwoLevel(int s1CdMax, int s1Fmt) {
        return s1CdMax != 0 && (s1Fmt == StreamTableEntry.S1FMT_4KB_L2 || s1Fmt == StreamTableEntry.S1FMT_64KB_L2);
    }

    /** Whether a SubstreamID has a descriptor in a table of {@code 2^s1CdMax}. */
    public static boolean contains(int ssid, int s1CdMax) {
        return ssid >>> s1CdMax == 0;
    }

    /** Address of what is read first for a SubstreamID: the CD itself, or its L1CD if the table has two levels. */
    public static long firstAddress(long base, int ssid, int s1CdMax, int s1Fmt) {
        return isTwoLevel(s1CdMax, s1Fmt)
                ? base + l1Index(ssid, s1Fmt) * L1ContextDescriptor.LAYOUT.bytes()
                : base + (long) ssid * ContextDescriptor.LAYOUT.bytes();
    }

    /** Address of the CD of a SubstreamID in its leaf table at {@code l2Ptr}, for S1Fmt 1 or 2. */
    public static long leafAddress(long l2Ptr, int ssid, int s1Fmt) {
        return l2Ptr + leafIndex(ssid, s1Fmt) * ContextDescriptor.LAYOUT.bytes();
    }

    /** Index of the L1CD of a SubstreamID, for S1Fmt 1 or 2. */
    public static long l1Index(int ssid, int s1Fmt) {
        return (long) ssid >>> split(s1Fmt);
    }

    /** Index of the CD of a SubstreamID in its leaf table, for S1Fmt 1 or 2. */
    public static long leafIndex(int ssid, int s1Fmt) {
        return ssid & (leafEntries(s1Fmt) - 1);
    }

    /** How many CDs a leaf table holds, for S1Fmt 1 or 2. */
    public static int leafEntries(int s1Fmt) {
        return 1 << split(s1Fmt);
    }

    /** Size and alignment of a leaf table, for S1Fmt 1 or 2: 4 KiB or 64 KiB. */
    public static long leafBytes(int s1Fmt) {
        return (long) leafEntries(s1Fmt) * ContextDescriptor.LAYOUT.bytes();
    }

    /** Size and alignment of what S1ContextPtr points to; at least 64, its lowest address bit. */
    public static long rootBytes(int s1CdMax, int s1Fmt) {
        return isTwoLevel(s1CdMax, s1Fmt)
                ? Math.max(64, (long) L1ContextDescriptor.LAYOUT.bytes() << Math.max(0, s1CdMax - split(s1Fmt)))
                : (long) ContextDescriptor.LAYOUT.bytes() << s1CdMax;
    }

    private static int split(int s1Fmt) {
        return switch (s1Fmt) {
            case StreamTableEntry.S1FMT_4KB_L2 -> SPLIT_4KB;
            case StreamTableEntry.S1FMT_64KB_L2 -> SPLIT_64KB;
            default -> throw new IllegalArgumentException("S1Fmt " + s1Fmt + " has no leaf tables");
        };
    }
}
