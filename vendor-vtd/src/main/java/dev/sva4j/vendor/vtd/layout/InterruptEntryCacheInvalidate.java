package dev.sva4j.vendor.vtd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/** iec_inv, the interrupt entry cache invalidate descriptor (VT-d 6.5.2). Word 1 is 0. */
public final class InterruptEntryCacheInvalidate {

    static final int TYPE = 4;

    public static final StructLayout LAYOUT = DescriptorType.layout("iec_inv")
            .bit("G", 0, 4, "granularity")
            .values("global", "index")
            .field("IM", 0, 31, 27, "aligned block of 2^IM entries")
            .field("IIDX", 0, 47, 32, "index")
            .build();

    public static final BitField G = LAYOUT.field("G");
    public static final BitField IM = LAYOUT.field("IM");
    public static final BitField IIDX = LAYOUT.field("IIDX");

    private InterruptEntryCacheInvalidate() {}

    public static long globalWord0() {
        return DescriptorType.word0(TYPE);
    }

    public static long indexWord0(int index, int im) {
        return DescriptorType.word0(TYPE) | G.encode(true) | IM.encode(im) | IIDX.encode(index);
    }
}
