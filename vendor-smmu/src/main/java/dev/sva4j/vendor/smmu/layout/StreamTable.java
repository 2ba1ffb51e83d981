package dev.sva4j.vendor.smmu.layout;

/**
 * Addresses in the stream table (IHI 0070 §3.3, §5.1).
 *
 * <pre>
 *   linear      STE   at base + StreamID * 64
 *   two-level   L1STD at base + (StreamID &gt;&gt; SPLIT) * 8
 *               STE   at L2Ptr + (StreamID modulo 2^SPLIT) * 64
 * </pre>
 */
public final class StreamTable {

    private static final int DEFAULT_SPLIT = 6;

    private StreamTable() {}

    /** STRTAB_BASE_CFG.SPLIT as hardware takes it: 6, 8 and 10 are themselves, any other value acts as 6. */
    public static int split(long strtabBaseCfg) {
        int split = (int) StreamTableRegisters.STRTAB_BASE_CFG_SPLIT.get(strtabBaseCfg);
        return split == 8 || split == 10 ? split : DEFAULT_SPLIT;
    }

    /** Whether the table has two levels. FMT values 2 and 3 are reserved; they are read as linear, like 0. */
    public static boolean isTwoLevel(long strtabBaseCfg) {
        return StreamTableRegisters.STRTAB_BASE_CFG_FMT.get(strtabBaseCfg) == StreamTableRegisters.FMT_TWO_LEVEL;
    }

    /** log2 of the number of StreamIDs: LOG2SIZE, but never more than the implementation has (IDR1.SIDSIZE). */
    public static int log2Size(long strtabBaseCfg, long idr1) {
        long size = StreamTableRegisters.STRTAB_BASE_CFG_LOG2SIZE.get(strtabBaseCfg);
        return (int) Math.min(size, IdRegisters.IDR1_SIDSIZE.get(idr1));
    }

    /** Whether a StreamID lies in a table of {@code 2^log2Size} StreamIDs. */
    public static boolean contains(long sid, int log2Size) {
        return sid >>> log2Size == 0;
    }

    /**
     * Where the table starts: hardware ignores address bits below the size of the (first-level) table, at least 64.
     * The size is LOG2SIZE as written, not capped by the implementation.
     */
    public static long base(long strtabBase, long strtabBaseCfg) {
        int log2Size = (int) StreamTableRegisters.STRTAB_BASE_CFG_LOG2SIZE.get(strtabBaseCfg);
        long bytes = isTwoLevel(strtabBaseCfg) ? l1Bytes(log2Size, split(strtabBaseCfg)) : linearBytes(log2Size);
        return StreamTableRegisters.STRTAB_BASE_ADDR.getAddress(strtabBase) & -bytes;
    }

    /** Size and alignment of a linear table. */
    public static long linearBytes(int log2Size) {
        return (long) StreamTableEntry.LAYOUT.bytes() << log2Size;
    }

    /** Size and alignment of a first-level table; the alignment is at least that of STRTAB_BASE.ADDR. */
    public static long l1Bytes(int log2Size, int split) {
        return Math.max(64, (long) L1StreamTableDescriptor.LAYOUT.bytes() << Math.max(0, log2Size - split));
    }

    /** Size and alignment of a second-level table with {@code 2^log2Entries} STEs. */
    public static long l2Bytes(int log2Entries) {
        return linearBytes(log2Entries);
    }

    /** Index of the L1STD of a StreamID. */
    public static long l1Index(long sid, int split) {
        return sid >>> split;
    }

    /** Index of the STE of a StreamID in its second-level table. */
    public static long l2Index(long sid, int split) {
        return sid & ((1L << split) - 1);
    }

    /** Address of the STE of a StreamID in a linear table. */
    public static long linearAddress(long base, long sid) {
        return base + sid * StreamTableEntry.LAYOUT.bytes();
    }

    /** Address of the L1STD of a StreamID. */
    public static long l1Address(long base, long sid, int split) {
        return base + l1Index(sid, split) * L1StreamTableDescriptor.LAYOUT.bytes();
    }

    /** Address of the STE of a StreamID in the second-level table at {@code l2Ptr}. */
    public static long l2Address(long l2Ptr, long sid, int split) {
        return l2Ptr + l2Index(sid, split) * StreamTableEntry.LAYOUT.bytes();
    }
}
