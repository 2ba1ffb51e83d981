package dev.sva4j.vendor.smmu.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/** The level 1 descriptor of a two-level stream table (IHI 0070 §5.1). */
public final class L1StreamTableDescriptor {

    /** The largest Span with a meaning; more acts as 0. */
    private static final int LARGEST_SPAN = 11;

    public static final StructLayout LAYOUT = StructLayout.builder("L1STD", 1, "IHI 0070 §5.1")
            .field("Span", 0, 4, 0, "2^(Span-1) STEs; 0 and 12 to 31 = invalid")
            .address("L2Ptr", 0, 55, 6, "second-level table, aligned to its size")
            .build();

    public static final BitField SPAN = LAYOUT.field("Span");
    public static final BitField L2_PTR = LAYOUT.field("L2Ptr");

    private L1StreamTableDescriptor() {}

    /** A descriptor of a table with {@code 2^log2Entries} STEs. */
    public static long encode(long l2Ptr, int log2Entries) {
        return L2_PTR.encodeAddress(l2Ptr) | SPAN.encode(log2Entries + 1);
    }

    /** How many STEs the table has; 0 if the descriptor is invalid, also by a reserved Span. */
    public static long entries(long descriptor) {
        long span = SPAN.get(descriptor);
        return span == 0 || span > LARGEST_SPAN ? 0 : 1L << (span - 1);
    }

    /** Where the table is: hardware ignores pointer bits below the size of the table. */
    public static long table(long descriptor) {
        long bytes = Math.max(1, entries(descriptor)) * StreamTableEntry.LAYOUT.bytes();
        return L2_PTR.getAddress(descriptor) & -bytes;
    }
}
