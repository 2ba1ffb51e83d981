package dev.sva4j.vendor.amd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/**
 * COMPLETION_WAIT (AMD-Vi 2.4): completes when everything before it is complete. Without S and I nobody hears of it.
 *
 * <p>Of F, which keeps later commands from starting before, only the position is published.
 */
public final class CompletionWait {

    static final int OPCODE = 1;

    public static final StructLayout LAYOUT = CommandLayout.builder("COMPLETION_WAIT")
            .bit("S", 0, 0, "store the data")
            .bit("I", 0, 1, "set Status.ComWaitInt and interrupt")
            .bit("F", 0, 2, "later commands start after it")
            .address("StoreAddress", 0, 51, 3, "where the data goes")
            .field("StoreData", 1, 63, 0, "an 8-byte store")
            .build();

    public static final BitField S = LAYOUT.field("S");
    public static final BitField I = LAYOUT.field("I");
    public static final BitField F = LAYOUT.field("F");
    public static final BitField STORE_ADDRESS = LAYOUT.field("StoreAddress");
    public static final BitField STORE_DATA = LAYOUT.field("StoreData");

    private CompletionWait() {}

    /** First word of a wait that stores its second word to {@code address}. */
    public static long storeWord0(long address) {
        return CommandLayout.word0(OPCODE) | S.encode(true) | STORE_ADDRESS.encodeAddress(address);
    }

    /** First word of a wait that interrupts. The second is 0. */
    public static long interruptWord0() {
        return CommandLayout.word0(OPCODE) | I.encode(true);
    }
}
