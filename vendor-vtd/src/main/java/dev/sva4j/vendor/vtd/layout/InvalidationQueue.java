package dev.sva4j.vendor.vtd.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_ONLY;
import static dev.sva4j.spi.layout.RegisterAccess.READ_WRITE;
import static dev.sva4j.spi.layout.RegisterAccess.WRITE_ONE_TO_CLEAR;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;

/**
 * The invalidation queue (VT-d 6.5.2): its registers, and arithmetic on the byte offsets in IQH and IQT. Equal offsets mean
 * empty, so one entry stays unused.
 */
public final class InvalidationQueue {

    /** IQEI, why the queue stopped: unknown, or hardware that does not say. */
    public static final int IQEI_NONE = 0;

    /** IQT is beyond the end of the queue. */
    public static final int IQEI_BAD_TAIL = 1;

    /** The descriptor could not be read. */
    public static final int IQEI_FETCH = 2;

    /** The type of the descriptor is unknown, or not known in this mode. */
    public static final int IQEI_TYPE = 3;

    /** The descriptor has a reserved bit or an invalid field. */
    public static final int IQEI_RESERVED = 4;

    /** IQA.DW does not fit to the translation table mode. */
    public static final int IQEI_WIDTH = 5;

    /** IQT is not a multiple of the size of a descriptor. */
    public static final int IQEI_MISALIGNED_TAIL = 6;

    /** The translation table mode is invalid. */
    public static final int IQEI_TTM = 7;

    private static final int LOG2_SMALLEST_QUEUE = 12;

    public static final RegisterLayout IQH = RegisterLayout.builder("IQH", 0x80, 64, READ_ONLY, "VT-d 11.4")
            .address("QH", 18, 4, "offset of the next descriptor that hardware fetches")
            .build();

    public static final RegisterLayout IQT = RegisterLayout.builder("IQT", 0x88, 64, READ_WRITE, "VT-d 11.4")
            .address("QT", 18, 4, "offset of the next descriptor that software writes")
            .build();

    public static final RegisterLayout IQA = RegisterLayout.builder("IQA", 0x90, 64, READ_WRITE, "VT-d 11.4")
            .field("QS", 2, 0, "2^QS pages of 4 KiB")
            .bit("DW", 11, "descriptors of 256 bits; 0 = 128 bits")
            .address("IQA", 63, 12, "the queue")
            .build();

    public static final RegisterLayout ICS = RegisterLayout.builder("ICS", 0x9C, 32, READ_WRITE, "VT-d 11.4")
            .bit("IWC", 0, "a wait with IF completed")
            .access(WRITE_ONE_TO_CLEAR)
            .build();

    public static final RegisterLayout IQERCD = RegisterLayout.builder("IQERCD", 0xB0, 64, READ_ONLY, "VT-d 11.4")
            .field("IQEI", 3, 0, "why the queue stopped")
            .values(
                    "",
                    "tail out of range",
                    "fetch error",
                    "descriptor type",
                    "reserved field",
                    "descriptor width",
                    "tail misaligned",
                    "translation table mode")
            .field("ITESID", 47, 32, "device whose invalidation timed out")
            .field("ICESID", 63, 48, "device whose completion was not expected")
            .build();

    public static final BitField QH = IQH.field("QH");
    public static final BitField QT = IQT.field("QT");
    public static final BitField QS = IQA.field("QS");
    public static final BitField DW = IQA.field("DW");
    public static final BitField ADDRESS = IQA.field("IQA");
    public static final BitField IWC = ICS.field("IWC");
    public static final BitField IQEI = IQERCD.field("IQEI");
    public static final BitField ITESID = IQERCD.field("ITESID");
    public static final BitField ICESID = IQERCD.field("ICESID");

    private InvalidationQueue() {}

    /** IQA for a queue of {@code 4096 << qs} bytes. */
    public static long encode(long queue, boolean descriptorsOf256Bits, int qs) {
        return ADDRESS.encodeAddress(queue) | DW.encode(descriptorsOf256Bits) | QS.encode(qs);
    }

    /** Size of the queue. */
    public static long bytes(long iqa) {
        return 1L << (LOG2_SMALLEST_QUEUE + QS.get(iqa));
    }

    /** Size of a descriptor, 16 or 32. */
    public static int descriptorBytes(long iqa) {
        return DW.isSet(iqa) ? 2 * 16 : 16;
    }

    /** How many descriptors fit, of which one stays unused. */
    public static int entries(long iqa) {
        return (int) (bytes(iqa) / descriptorBytes(iqa));
    }

    /** The offset one descriptor further. */
    public static long next(long offset, long iqa) {
        return (offset + descriptorBytes(iqa)) & (bytes(iqa) - 1);
    }

    /** The offset of a position that counts descriptors and never wraps. */
    public static long offset(long position, long iqa) {
        return (position * descriptorBytes(iqa)) & (bytes(iqa) - 1);
    }

    /** How many descriptors lie between two offsets, from the first onwards. */
    public static long distance(long from, long to, long iqa) {
        return ((to - from) & (bytes(iqa) - 1)) / descriptorBytes(iqa);
    }

    /** Address of the descriptor at an offset. */
    public static long descriptorAddress(long iqa, long offset) {
        return ADDRESS.getAddress(iqa) + offset;
    }
}
