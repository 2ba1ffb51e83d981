package dev.sva4j.vendor.vtd.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_WRITE;
import static dev.sva4j.spi.layout.RegisterAccess.WRITE_ONE_TO_CLEAR;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;

/**
 * The page request queue (VT-d 7.5, 11.4): its registers, and arithmetic on the byte offsets in PQH and PQT. Equal offsets
 * mean empty, so one entry stays unused. PQT is software's until the queue runs, and hardware's from then on.
 */
public final class PageRequestQueueRegisters {

    private static final int LOG2_SMALLEST_QUEUE = 12;

    public static final RegisterLayout PQH = RegisterLayout.builder("PQH", 0xC0, 64, READ_WRITE, "VT-d 11.4")
            .address("PQH", 18, 5, "offset of the next request that software reads")
            .build();

    public static final RegisterLayout PQT = RegisterLayout.builder("PQT", 0xC8, 64, READ_WRITE, "VT-d 11.4")
            .address("PQT", 18, 5, "offset of the next request that hardware writes")
            .build();

    public static final RegisterLayout PQA = RegisterLayout.builder("PQA", 0xD0, 64, READ_WRITE, "VT-d 11.4")
            .field("PQS", 2, 0, "2^PQS pages of 4 KiB")
            .address("PQA", 63, 12, "the queue")
            .build();

    public static final RegisterLayout PRS = RegisterLayout.builder("PRS", 0xDC, 32, READ_WRITE, "VT-d 11.4")
            .bit("PPR", 0, "page requests are pending")
            .access(WRITE_ONE_TO_CLEAR)
            .bit("PRO", 1, "a request found the queue full; none is queued while this is 1")
            .access(WRITE_ONE_TO_CLEAR)
            .build();

    public static final BitField HEAD = PQH.field("PQH");
    public static final BitField TAIL = PQT.field("PQT");
    public static final BitField PQS = PQA.field("PQS");
    public static final BitField ADDRESS = PQA.field("PQA");
    public static final BitField PPR = PRS.field("PPR");
    public static final BitField PRO = PRS.field("PRO");

    private PageRequestQueueRegisters() {}

    /** PQA for a queue of {@code 4096 << pqs} bytes. */
    public static long encode(long queue, int pqs) {
        return ADDRESS.encodeAddress(queue) | PQS.encode(pqs);
    }

    /** Size of the queue. */
    public static long bytes(long pqa) {
        return 1L << (LOG2_SMALLEST_QUEUE + PQS.get(pqa));
    }

    /** How many requests fit, of which one stays unused. */
    public static int entries(long pqa) {
        return (int) (bytes(pqa) / PageRequestDescriptor.LAYOUT.bytes());
    }

    /** The offset one request further. */
    public static long next(long offset, long pqa) {
        return (offset + PageRequestDescriptor.LAYOUT.bytes()) & (bytes(pqa) - 1);
    }

    /** Whether a further request would make the queue look empty. */
    public static boolean isFull(long head, long tail, long pqa) {
        return next(tail, pqa) == head;
    }

    /** Address of the request at an offset. */
    public static long requestAddress(long pqa, long offset) {
        return ADDRESS.getAddress(pqa) + offset;
    }
}
