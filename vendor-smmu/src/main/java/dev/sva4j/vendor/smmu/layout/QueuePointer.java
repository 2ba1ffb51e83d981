package dev.sva4j.vendor.smmu.layout;

/**
 * Arithmetic of queue indexes (IHI 0070 §3.5).
 *
 * <p>In a queue of {@code 2^log2Size} entries an index register holds the index in its low {@code log2Size} bits and the
 * wrap bit right above; further bits up to 19 are ignored, and bit 31 of the Event and PRI registers is the overflow flag.
 * Equal indexes mean empty when the wrap bits are equal and full when they differ, so no entry is left unused.
 *
 * <pre>
 *   31     30         20 19            log2Size   log2Size-1        0
 *   OVFLG  (ERR or 0)    ignored ... | wrap     | index
 * </pre>
 */
public final class QueuePointer {

    private static final long OVERFLOW = QueueRegisters.EVENTQ_PROD_OVFLG.mask();

    /** log2 of the largest queue that the index registers can describe. */
    public static final int MAX_LOG2_SIZE = 19;

    /** log2 of the bytes of a command or page request. */
    public static final int LOG2_COMMAND_BYTES = 4;

    /** log2 of the bytes of an event record. */
    public static final int LOG2_EVENT_BYTES = 5;

    private QueuePointer() {}

    /** The index of the entry that the register points at. */
    public static long index(long pointer, int log2Size) {
        return pointer & ((1L << log2Size) - 1);
    }

    /** Whether the wrap bit is set. */
    public static boolean wrap(long pointer, int log2Size) {
        return ((pointer >>> log2Size) & 1) != 0;
    }

    /** The index with its wrap bit, without ignored bits and the overflow flag. */
    public static long position(long pointer, int log2Size) {
        return pointer & ((2L << log2Size) - 1);
    }

    /** The register one entry further; the index passes its wrap bit, the overflow flag stays. */
    public static long next(long pointer, int log2Size) {
        return advance(pointer, 1, log2Size);
    }

    /** The register {@code entries} further. */
    public static long advance(long pointer, long entries, int log2Size) {
        return (pointer & OVERFLOW) | position(position(pointer, log2Size) + entries, log2Size);
    }

    /** Whether there is nothing to consume. */
    public static boolean isEmpty(long prod, long cons, int log2Size) {
        return position(prod, log2Size) == position(cons, log2Size);
    }

    /** Whether there is no room to produce. */
    public static boolean isFull(long prod, long cons, int log2Size) {
        return index(prod, log2Size) == index(cons, log2Size) && wrap(prod, log2Size) != wrap(cons, log2Size);
    }

    /** How many entries wait. More than the queue holds means that software wrote indexes that do not belong together. */
    public static long used(long prod, long cons, int log2Size) {
        return position(position(prod, log2Size) - position(cons, log2Size), log2Size);
    }

    /** Whether an overflow of the Event or PRI queue is unacknowledged. */
    public static boolean isOverflowActive(long prod, long cons) {
        return ((prod ^ cons) & OVERFLOW) != 0;
    }

    /** The producer register with an overflow raised; unchanged while one is active, as flags only toggle in turn. */
    public static long raiseOverflow(long prod, long cons) {
        return isOverflowActive(prod, cons) ? prod : prod ^ OVERFLOW;
    }

    /** The consumer register with the producer's overflow acknowledged. */
    public static long acknowledgeOverflow(long prod, long cons) {
        return (cons & ~OVERFLOW) | (prod & OVERFLOW);
    }

    /** Address of the entry that the register points at. */
    public static long entryAddress(long base, long pointer, int log2Size, int log2EntryBytes) {
        return base + (index(pointer, log2Size) << log2EntryBytes);
    }

    /** Where a queue starts: hardware ignores base bits below its size, at least 32. */
    public static long base(long queueBase, int log2Size, int log2EntryBytes) {
        return QueueRegisters.CMDQ_BASE_ADDR.getAddress(queueBase) & -bytes(log2Size, log2EntryBytes);
    }

    /** log2 of the entries of a queue: LOG2SIZE of its base register, capped by IDR1.CMDQS, EVENTQS or PRIQS. */
    public static int log2Size(long queueBase, long idr1Limit) {
        return (int) Math.min(QueueRegisters.CMDQ_BASE_LOG2SIZE.get(queueBase), idr1Limit);
    }

    /** Size and alignment of a queue. */
    public static long bytes(int log2Size, int log2EntryBytes) {
        return Math.max(32, 1L << (log2Size + log2EntryBytes));
    }

    /**
     * The value of CMDQ_BASE, EVENTQ_BASE or PRIQ_BASE, which share one shape.
     *
     * @param hint RA of the Command queue, WA of the others
     */
    public static long encodeBase(long address, int log2Size, boolean hint) {
        return QueueRegisters.CMDQ_BASE_ADDR.encodeAddress(address)
                | QueueRegisters.CMDQ_BASE_LOG2SIZE.encode(log2Size)
                | QueueRegisters.CMDQ_BASE_RA.encode(hint);
    }
}
