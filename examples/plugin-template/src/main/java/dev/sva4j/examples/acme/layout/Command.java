package dev.sva4j.examples.acme.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.SizedAddress;
import dev.sva4j.spi.layout.StructLayout;

/** The commands. All have one shape; each has a use for some of the fields, and the others are 0. */
public final class Command {
    /** Values of OP. 0 is none, so that memory that nobody wrote is no command. */
    public static final int INVALIDATE_DEVICE = 1;

    public static final int INVALIDATE_PASID = 2;
    public static final int INVALIDATE_RANGE = 3;
    public static final int RESUME = 4;
    public static final int WAIT = 5;

    public static final StructLayout LAYOUT = StructLayout.builder("command", 2, "Acme, commands")
            .field("OP", 0, 3, 0, "what is to be done")
            .values("", "INVALIDATE_DEVICE", "INVALIDATE_PASID", "INVALIDATE_RANGE", "RESUME", "WAIT")
            .bit("RETRY", 0, 4, "RESUME: translate again; 0 aborts")
            .field("INDEX", 0, 27, 8, "INVALIDATE_PASID: entry of the PASID table")
            .field("REQUESTER", 0, 47, 32, "INVALIDATE_DEVICE and _PASID")
            .field("TAG", 0, 63, 52, "INVALIDATE_RANGE: of the entry; RESUME: of the event")
            .field("LOG2", 1, 6, 0, "INVALIDATE_RANGE: log2 of the bytes, 12 to 64")
            .address("ADDRESS", 1, 63, 12, "INVALIDATE_RANGE: first byte, aligned to its size")
            .build();

    public static final BitField OP = LAYOUT.field("OP");
    public static final BitField RETRY = LAYOUT.field("RETRY");
    public static final BitField INDEX = LAYOUT.field("INDEX");
    public static final BitField REQUESTER = LAYOUT.field("REQUESTER");
    public static final BitField TAG = LAYOUT.field("TAG");
    public static final BitField LOG2 = LAYOUT.field("LOG2");
    public static final BitField ADDRESS = LAYOUT.field("ADDRESS");

    private static final int LOG2_PAGE = 12;

    private Command() {}

    /** Drops the device entry and all PASID entries of a device. */
    public static long invalidateDevice(int requester) {
        return OP.encode(INVALIDATE_DEVICE) | REQUESTER.encode(requester);
    }

    /** Drops one PASID entry. */
    public static long invalidatePasid(int requester, int index) {
        return OP.encode(INVALIDATE_PASID) | REQUESTER.encode(requester) | INDEX.encode(index);
    }

    /** Word 0 of INVALIDATE_RANGE, which drops translations. */
    public static long invalidateRange(int tag) {
        return OP.encode(INVALIDATE_RANGE) | TAG.encode(tag);
    }

    /** Word 1 of INVALIDATE_RANGE: the smallest aligned block that holds {@code [start, last]}. */
    public static long block(long start, long last) {
        int log2 = Math.max(LOG2_PAGE, Long.SIZE - Long.numberOfLeadingZeros(start ^ last));
        return ADDRESS.encodeAddress(SizedAddress.base(start, log2)) | LOG2.encode(log2);
    }

    /** The lowest address of a block, as a signed number. */
    public static long first(long block) {
        return LOG2.get(block) == Long.SIZE ? Long.MIN_VALUE : ADDRESS.getAddress(block);
    }

    /** The highest address of a block, as a signed number. */
    public static long last(long block) {
        return LOG2.get(block) == Long.SIZE ? Long.MAX_VALUE : first(block) + (1L << LOG2.get(block)) - 1;
    }

    /** Lets a stalled request go on, or aborts it. */
    public static long resume(int tag, boolean retry) {
        return OP.encode(RESUME) | TAG.encode(tag) | RETRY.encode(retry);
    }

    /** Is passed when what came before is done and no access is in flight that began before. */
    public static long waitForAccesses() {
        return OP.encode(WAIT);
    }
}
