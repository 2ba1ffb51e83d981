package dev.sva4j.vendor.vtd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/**
 * inv_wait, the invalidation wait descriptor (VT-d 6.5.2): completes when everything before it is complete. With neither SW
 * nor IF nobody hears of it, and FN alone is a barrier.
 */
public final class InvalidationWait {

    static final int TYPE = 5;

    public static final StructLayout LAYOUT = DescriptorType.layout("inv_wait")
            .bit("IF", 0, 4, "set ICS.IWC and interrupt")
            .bit("SW", 0, 5, "write the status")
            .bit("FN", 0, 6, "descriptors behind it start after it")
            .bit("PD", 0, 7, "page requests are drained; reserved without ECAP.PDS")
            .field("Data", 0, 63, 32, "status, a 4-byte store")
            .address("Address", 1, 63, 2, "where the status goes")
            .build();

    public static final BitField IF = LAYOUT.field("IF");
    public static final BitField SW = LAYOUT.field("SW");
    public static final BitField FN = LAYOUT.field("FN");
    public static final BitField PD = LAYOUT.field("PD");
    public static final BitField DATA = LAYOUT.field("Data");
    public static final BitField ADDRESS = LAYOUT.field("Address");

    private InvalidationWait() {}

    /** First word of a wait that writes {@code data}, which counts as unsigned. */
    public static long statusWord0(int data, boolean pageRequestDrain) {
        return DescriptorType.word0(TYPE)
                | SW.encode(true)
                | PD.encode(pageRequestDrain)
                | DATA.encode(Integer.toUnsignedLong(data));
    }

    /** Second word of a wait that writes its status. */
    public static long statusWord1(long address) {
        return ADDRESS.encodeAddress(address);
    }

    /** First word of a wait that only keeps what follows from overtaking. The second is 0. */
    public static long fenceWord0() {
        return DescriptorType.word0(TYPE) | FN.encode(true);
    }

    /** First word of a wait that interrupts. The second is 0. */
    public static long interruptWord0() {
        return DescriptorType.word0(TYPE) | IF.encode(true);
    }
}
