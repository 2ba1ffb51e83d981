package dev.sva4j.vendor.smmu.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/** The level 1 descriptor of a two-level context descriptor table (IHI 0070 §5.3). */
public final class L1ContextDescriptor {

    public static final StructLayout LAYOUT = StructLayout.builder("L1CD", 1, "IHI 0070 §5.3")
            .bit("V", 0, 0, "valid; 0 = abort and C_BAD_SUBSTREAMID")
            .address("L2Ptr", 0, 55, 12, "leaf table")
            .build();

    public static final BitField V = LAYOUT.field("V");
    public static final BitField L2_PTR = LAYOUT.field("L2Ptr");

    private L1ContextDescriptor() {}

    /** A valid descriptor of the leaf table at {@code l2Ptr}. */
    public static long encode(long l2Ptr) {
        return L2_PTR.encodeAddress(l2Ptr) | V.encode(true);
    }
}
