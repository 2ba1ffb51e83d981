package dev.sva4j.vendor.amd.layout;

import dev.sva4j.spi.layout.BitField;

/**
 * Arithmetic of the command buffer, the event log and the PPR log, whose registers have one shape (AMD-Vi 2.4 to 2.6,
 * 3.3.13).
 *
 * <p>Pointers are byte offsets, 16 bytes an entry. Equal pointers mean empty, so one entry stays unused.
 */
public final class Ring {

    /** Size of an entry of all three. */
    public static final int ENTRY_BYTES = 16;

    /** The shortest length encoding, 256 entries; smaller ones are reserved. The value after reset. */
    public static final int MIN_LEN = 8;

    /** The longest length encoding, 32768 entries. */
    public static final int MAX_LEN = 15;

    private static final int LOG2_ENTRY_BYTES = 4;

    private static final BitField BASE = CommandBufferRegisters.COM_BASE;
    private static final BitField LEN = CommandBufferRegisters.COM_LEN;

    private Ring() {}

    /** A base register for a ring of {@code 2^len} entries, {@code len} 8 to 15. */
    public static long encode(long address, int len) {
        return BASE.encodeAddress(address) | LEN.encode(len);
    }

    /** Whether a base register has a length that is not reserved. */
    public static boolean hasLegalLength(long base) {
        return LEN.get(base) >= MIN_LEN;
    }

    /** How many entries fit, of which one stays unused. */
    public static int entries(long base) {
        return 1 << LEN.get(base);
    }

    /** Size of the ring. */
    public static int bytes(long base) {
        return entries(base) << LOG2_ENTRY_BYTES;
    }

    /** The pointer one entry further. */
    public static long next(long pointer, long base) {
        return (pointer + ENTRY_BYTES) & (bytes(base) - 1);
    }

    /** Whether one entry more would make the ring look empty. */
    public static boolean isFull(long head, long tail, long base) {
        return next(tail, base) == head;
    }

    /** How many entries wait. */
    public static int used(long head, long tail, long base) {
        return (int) ((tail - head) & (bytes(base) - 1)) >>> LOG2_ENTRY_BYTES;
    }

    /** Whether a pointer is inside of the ring; that it is a multiple of 16 its field sees to. */
    public static boolean contains(long pointer, long base) {
        return pointer < bytes(base);
    }

    /** The pointer to the entry that is {@code count} entries from the start, around the ring as often as it takes. */
    public static long pointer(long count, long base) {
        return (count << LOG2_ENTRY_BYTES) & (bytes(base) - 1);
    }

    /** Address of the entry at a pointer. */
    public static long entryAddress(long base, long pointer) {
        return BASE.getAddress(base) + pointer;
    }
}
